"""What the shell command needs besides the engine: terminal, signals, and the smaller groups of commands."""
