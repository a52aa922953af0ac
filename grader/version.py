"""The version of the grader, which records and reports repeat."""

__version__ = "0.1.0"
