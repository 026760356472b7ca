"""What is Python's in the lab."""
