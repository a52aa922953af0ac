"""The results of a submission that is over the limit: those of the last one that was graded, with words in front."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from grader import __version__
from grader.autograder_settings import AutograderSettings
from grader.gradescope.inside.earlier import Allowance
from grader.gradescope.inside.metadata import Metadata
from grader.gradescope.markup import html
from grader.gradescope.results import COUNTED, LIMITED, MOST_CHARACTERS, Entry, Results


def results_again(metadata: Metadata, settings: AutograderSettings, allowed: Allowance, course: str) -> Results | None:
    """The last results once more; None if the submission is to be graded.

    Over the limit, too, it is graded where there are no results to hand out: Gradescope keeps those of the newest earlier submission
    only, the grader may have failed there, or it or the course has been mended since, so that the old marks no longer hold.

    Args:
        metadata: of the submission.
        settings: with the limit.
        allowed: what the limit says of it.
        course: hash of the course in the archive.
    """
    last = _last(metadata, course)
    if allowed.next_at is None or last is None:
        return None
    words = html("limited.html", _words(settings, allowed.next_at))
    output = last.output.removeprefix(str(last.extra_data.get(LIMITED, "")))
    if len(words) + len(output) > MOST_CHARACTERS:
        output = ""
    counted = [time.isoformat() for time in allowed.earlier]
    return last.model_copy(
        update={
            "output": words + output,
            "execution_time": None,
            "extra_data": {**last.extra_data, COUNTED: counted, LIMITED: words},
        }
    )


def _last(metadata: Metadata, course: str) -> Results | None:
    """What the newest earlier submission was told, if it can be read, has marks, and they are what they would be now."""
    newest = metadata.newest_earlier
    if newest is None or newest.failed or newest.results is None:
        return None
    known = _known(newest.results, Results)
    entries = known.get("tests")
    if isinstance(entries, list):
        known["tests"] = [_known(one, Entry) if isinstance(one, dict) else one for one in entries]
    try:
        results = Results.model_validate(known)
    except ValidationError:
        return None
    is_same = (results.extra_data.get("grader"), results.extra_data.get("course")) == (__version__, course)
    # A fault in one part leaves the others their marks; without any marks there is no entry.
    return results if is_same and results.tests and results.output_format == "html" else None


def _known(values: dict[str, Any], record: type[Results | Entry]) -> dict[str, Any]:
    """Without what Gradescope may have added."""
    return {name: value for name, value in values.items() if name in record.model_fields and value is not None}


def _words(settings: AutograderSettings, next_at: datetime) -> dict[str, str]:
    most, hours = settings.most_submissions or 0, f"{settings.per_hours:g}"
    return {
        "limit": f"{most} submission{'s' * (most != 1)}",
        "within": f"{hours} hour{'s' * (hours != '1')}",
        "when": f"{next_at:%Y-%m-%d %H:%M:%S} (UTC{next_at:%z})",
    }
