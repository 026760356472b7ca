"""What the lab knows of Python: where calls come from, and the children that make them."""
