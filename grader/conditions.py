"""Under which conditions a notebook ran, and whether what came of it still holds.

A run is recorded so that it need not be made again. It stands for another one as long as nothing could come out differently:
the same file, everything watched that is asked for now, and no larger allowance than the one that it had used up.
"""

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from grader.kernels import NOT_CONTAINED
from grader.kernels.inside_seeds import SEED
from grader.kernels.limits import Limits
from grader.records import ANSWERS_MIME, Asked, Execution, FailureKind, Record

_ALWAYS = ("ipykernel", "ipython", "numpy")


class Conditions(Record):
    """What a run depends on, besides the file that ran."""

    asked: dict[str, Asked]
    """What was watched, by variable."""
    limits: Limits
    seed: int = SEED
    encoding: str = ANSWERS_MIME
    versions: dict[str, str]
    """Of Python and of the libraries that matter, by name."""

    def watched(self, variable: str, asked: Asked) -> bool:
        """Whether an answer that is asked for now was watched, and described in the way that is asked for."""
        before = self.asked.get(variable)
        return before is not None and before.model_input == asked.model_input


def conditions(asked: Mapping[str, Asked], limits: Limits, modules: Iterable[str]) -> Conditions:
    """The conditions of a run that begins now.

    Args:
        asked: what is watched, by variable.
        limits: what a notebook may take.
        modules: the libraries that most notebooks use.
    """
    found = {"python": platform.python_version()}
    for name in sorted({*_ALWAYS, *modules}):
        try:
            found[name] = version(name.partition(".")[0])
        except PackageNotFoundError:  # a module that is called otherwise than its package
            continue
    return Conditions(asked=dict(asked), limits=limits, versions=found)


def within_limits(execution: Execution) -> bool:
    """Whether a notebook ran to its end without meeting a limit, so that larger ones would change nothing."""
    met = {FailureKind.TIMEOUT, FailureKind.DIED, FailureKind.NOT_REACHED}
    return not execution.cut and not any(failure.kind in met or failure.limit for failure in execution.failures)


def stands(before: Conditions, now: Conditions, *, isolation: str, contained: bool, within: bool) -> bool:
    """Whether a recorded run stands for one that would be made now.

    Args:
        before: the conditions of the recorded run.
        now: those of the run that it would spare.
        isolation: in which the recorded one ran.
        contained: whether the new one would be contained; one that was not may have read the answers.
        within: whether the recorded one met no limit.
    """
    if contained and isolation == NOT_CONTAINED:
        return False
    if (before.seed, before.encoding) != (now.seed, now.encoding):
        return False
    if not within and before.limits != now.limits:
        return False
    return all(before.watched(variable, asked) for variable, asked in now.asked.items())
