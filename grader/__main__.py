"""`python -m grader`."""

from grader.cli import main

if __name__ == "__main__":  # a process that marks along imports this module as well
    main()
