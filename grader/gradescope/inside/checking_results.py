"""Whether some bytes are results that Gradescope takes. The standard library only."""

import json
import math
from typing import NoReturn

from grader.gradescope.inside.faults import FAULT, Fault

MOST_BYTES = 16 * 1024**2
"""Of results.json: a hundred parts with the longest output that Gradescope keeps."""


def check_results(content: bytes) -> bool:
    """Looks at what the grading process has handed over.

    Returns:
        Whether all is well; if not, the grader or a problem has failed in some part, which the results say.

    Raises:
        Fault: it is none.
    """
    if not content:
        raise _fault("it has handed over nothing")
    if len(content) > MOST_BYTES:
        raise _fault(f"it has handed over more than {MOST_BYTES // 1024**2} MiB")
    try:
        results = json.loads(content, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise _fault(f"it has handed over no JSON ({error})") from error
    if not isinstance(results, dict):
        raise _fault("it has handed over no JSON object")
    if not isinstance(results.get("output"), str):
        raise _fault("the output in its results is no text")
    if type(results.get("score")) not in {int, float}:
        raise _fault("the score in its results is no number")
    extra = results.get("extra_data")
    return not (isinstance(extra, dict) and extra.get(FAULT))


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number that can be sent")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _fault(trouble: str) -> Fault:
    return Fault(
        "The grader did not come to a result.",
        f"The grading process came to its end, but {trouble}. That is a fault of the grader: report it with these lines.",
    )
