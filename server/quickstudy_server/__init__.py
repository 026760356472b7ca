"""Quickstudy's language server: everything that knows an editor exists. The engine runs in processes of its own."""
