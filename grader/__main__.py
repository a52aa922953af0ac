"""The console command, and `python -m grader`."""

import sys

from grader.exit_codes import BAD_INPUT
from grader.version import __version__


def main() -> None:
    """Runs the command. What it needs beyond what a notebook needs is an extra of the package, which may not be installed."""
    try:
        from grader.cli import main as command  # noqa: PLC0415 - see above

        command()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "grader":
            raise
        wheel = f"deep_learning_grader-{__version__}-py3-none-any.whl"
        print(  # noqa: T201 - what prints otherwise may be what is missing
            f"error: this command needs {error.name}, which is not installed. With the wheel that you installed from: "
            f'pip install "./{wheel}[check]" to check a notebook, [grading] in place of [check] to grade a class',
            file=sys.stderr,
        )
        sys.exit(BAD_INPUT)


if __name__ == "__main__":  # a process that marks along imports this module as well
    main()
