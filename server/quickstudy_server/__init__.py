"""Quickstudy's language server: all that knows an editor exists. The engine runs in processes of its own."""
