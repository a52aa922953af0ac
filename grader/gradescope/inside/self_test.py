"""Whether a container grades: a model answer is graded in it just as a submission is. What `setup.sh` runs at its end.

python -I -m grader.gradescope.inside.self_test FOLDER
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from pydantic import ValidationError

from grader.course import Homework
from grader.errors import GraderError, InfrastructureError
from grader.gradescope.inside.model_answer import ModelAnswer, model_answer
from grader.gradescope.inside.supervising import command
from grader.gradescope.inside.within_time import printed_within
from grader.gradescope.manifest import MANIFEST, Manifest
from grader.gradescope.results import FAULT, Results
from grader.loading import load_course

_MOST_LINES = 40
"""Of what grading printed: its end, which says why it failed."""


def self_test(folder: Path) -> str:
    """Grades a model answer as if it had been handed in.

    Args:
        folder: shaped like /autograder: with the archive in `source`.

    Returns:
        What was found, in words for whoever reads the log.

    Raises:
        GraderError: it was not graded, or not as it should be.
    """
    source = folder / "source"
    manifest = Manifest.model_validate_json((source / MANIFEST).read_bytes())
    homework = load_course(source / "course").homework(manifest.homework)
    answer = model_answer(homework)
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        _lay_out(trial, source, homework, answer)
        started = monotonic()
        printed = _graded(trial, manifest.seconds)
        seconds = monotonic() - started
        results = _results(trial / "results" / "results.json", printed)
    if troubles := list(_troubles(results, answer)):
        raise InfrastructureError("\n".join((*troubles, *_end(printed))))
    return (
        f"{homework.name}: {len(answer.answered)} of {len(results.tests)} parts have a model answer, and full points for it. "
        f"It took {seconds:.0f} s, isolation {results.extra_data.get('isolation')}."
    )


def _lay_out(trial: Path, source: Path, homework: Homework, answer: ModelAnswer) -> None:
    """A folder as Gradescope makes it. The course is copied, since a link to it would tell where it is."""
    (trial / "source").mkdir(mode=0o700)
    shutil.copy(source / MANIFEST, trial / "source")
    shutil.copytree(source / "course", trial / "source" / "course")
    for name in ("submission", "results"):
        (trial / name).mkdir()
    (trial / "submission" / "model_answer.ipynb").write_text(json.dumps(answer.notebook), encoding="utf-8")
    # In time, whenever that was.
    submitted = (homework.due or datetime.now(UTC)) - timedelta(days=1)
    metadata = {"id": 0, "created_at": submitted.isoformat(), "users": [{"name": "Model Answer"}]}
    (trial / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


def _graded(trial: Path, seconds: float) -> str:
    """Grades what is there; what was printed meanwhile."""
    try:
        return printed_within(command(trial), trial, seconds).decode(errors="replace")
    except subprocess.TimeoutExpired as error:
        raise InfrastructureError(
            f"the model answer was not graded within {seconds:g} s, the timeout of this homework; choose a larger container, "
            "or a larger timeout in problems/homeworks.toml (gradescope.seconds) and in the assignment's settings"
        ) from error


def _results(file: Path, printed: str) -> Results:
    try:
        return Results.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        words = "left no results.json" if isinstance(error, OSError) else f"left a results.json that is none: {error}"
        raise InfrastructureError("\n".join((f"the grader {words}", *_end(printed)))) from error


def _troubles(results: Results, answer: ModelAnswer) -> Iterator[str]:
    """What is not as it should be."""
    if results.extra_data.get(FAULT) is not False:
        yield f"the grader has failed where a model answer was handed in. A student would be told: {results.output}"
    if results.extra_data.get("isolation") in {None, "", "none"}:
        yield "the model answer was run without isolation"
    if not results.tests:
        yield "the results have no entries, as if nothing had been handed in"
    entries = {entry.extra_data.get("part"): entry for entry in results.tests}
    for part in answer.answered:
        entry = entries.get(part)
        if entry is None:
            yield f"{part}: has no entry in the results"
        elif entry.status != "passed":
            yield f"{part}: the right answer has {entry.score} of {entry.max_score} points ({entry.extra_data.get('outcome')})"


def _end(printed: str) -> list[str]:
    lines = printed.splitlines()[-_MOST_LINES:]
    return ["What it printed:", *(f"  {line}" for line in lines)] if lines else []


def main(folder: Path) -> int:
    """Prints what was found; the exit code is 0 if all is well."""
    try:
        print(self_test(folder))
    except (GraderError, OSError, ValidationError) as error:
        print(f"The self-test has failed.\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
