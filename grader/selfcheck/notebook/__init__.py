"""The check in a running notebook, of its variables as they are."""
