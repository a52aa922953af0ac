"""`%grader` in a notebook: `check` without quotes."""

import re
import sys
from collections.abc import Callable
from typing import Any

NAME = "grader"


def running_shell() -> Any:
    """IPython's shell if this runs in one, else None; IPython is not imported to find out."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None


def register(shell: Any, check: Callable[..., object]) -> None:
    """Have a shell know `%grader`, which may be registered again."""

    def grader(line: str) -> object:
        """Check your answers: `%grader` all, `%grader conv1 conv2` some."""
        return check(*re.findall(r"[^\s,'\"()]+", line))

    shell.register_magic_function(grader, "line", NAME)
