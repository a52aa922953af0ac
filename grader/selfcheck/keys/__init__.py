"""The file of sealed keys: what is in it, how it is locked, and which one fits a notebook."""
