"""The check of a saved notebook, which runs from a clean kernel."""
