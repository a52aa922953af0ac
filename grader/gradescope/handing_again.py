"""The results of a submission that is over the limit: those of the last one that was graded, with words in front."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from grader.autograder_settings import AutograderSettings
from grader.gradescope.earlier import LIMITED, Allowance
from grader.gradescope.markup import html
from grader.gradescope.metadata import Metadata
from grader.gradescope.results import COUNTED, FAULT, MOST_CHARACTERS, Entry, Results


def results_again(metadata: Metadata, settings: AutograderSettings, allowed: Allowance, next_at: datetime) -> Results:
    """The last results once more, or words alone where there are none that can be read.

    Args:
        metadata: of the submission.
        settings: with the limit.
        allowed: which submissions count; this one does not.
        next_at: from when on one is graded again.
    """
    before = _last(metadata)
    words = html("limited.html", _words(settings, next_at, has_results=before is not None))
    last = before or Results(score=0.0, output="", extra_data={FAULT: False})
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


def _last(metadata: Metadata) -> Results | None:
    """What the newest earlier submission was told, unless the grader failed there or it is of another form."""
    earlier = [one for one in metadata.previous if _is_earlier(one.submitted, metadata.submitted)]
    newest = earlier[-1] if earlier else None
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
    return results if results.output_format == "html" and not results.extra_data.get(FAULT) else None


def _is_earlier(one: datetime | None, now: datetime | None) -> bool:
    return one is None or now is None or one < now


def _known(values: dict[str, Any], record: type[Results | Entry]) -> dict[str, Any]:
    """Without what Gradescope may have added."""
    return {name: value for name, value in values.items() if name in record.model_fields and value is not None}


def _words(settings: AutograderSettings, next_at: datetime, *, has_results: bool) -> dict[str, object]:
    most, hours = settings.most_submissions or 0, f"{settings.per_hours:g}"
    return {
        "limit": f"{most} submission{'s' * (most != 1)}",
        "within": f"{hours} hour{'s' * (hours != '1')}",
        "when": f"{next_at:%Y-%m-%d %H:%M:%S} (UTC{next_at:%z})",
        "has_results": has_results,
    }
