"""The console command, and `python -m grader`."""

import sys


def main() -> None:
    """Runs the command. What it needs beyond what a notebook needs is an extra of the package, which may not be installed."""
    try:
        from grader.cli import main as command  # noqa: PLC0415 - see above

        command()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "grader":
            raise
        sys.exit(
            f"error: this command needs {error.name}, which is not installed. To check a notebook install the extra [check], to grade "
            'a class [grading]: pip install "deep-learning-grader[check]", or the same behind the name of its wheel'
        )


if __name__ == "__main__":  # a process that marks along imports this module as well
    main()
