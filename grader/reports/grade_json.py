"""grade.json: one student's grade for the staff's other programs."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.course import Homework
from grader.packing import as_json, json_bytes
from grader.records import CellFailure, Execution, Grade, Verdict
from grader.reports.environment import templates_digest
from grader.reports.points import is_decided, rounded_points
from grader.version import __version__


def grade_json(grade: Grade, homework: Homework, execution: Execution | None) -> str:
    """The grade as JSON text. `points` of a part is null while it is pending, and the total counts what is decided.

    `total` is what is left of `points` when lateness is paid for. `made_from` changes with everything that a report says.

    For the staff: `suggestion` is for whoever marks what waits for a person. Pictures are counted; the page has them.
    """
    record = {
        "student": grade.student,
        "homework": grade.homework,
        "points": rounded_points(grade.points),
        "total": rounded_points(grade.total) if is_decided(grade) else None,
        "max_points": rounded_points(grade.max_points),
        "pending_points": rounded_points(grade.pending_points),
        "status": grade.status,
        "late": None if grade.late is None else grade.late.words,
        "isolation": grade.isolation,
        "parts": [_part(verdict) for verdict in grade.verdicts],
        "failures": [_failure(failure) for failure in grade.failures],
        "output_cut": [cell + 1 for cell in grade.cut],
        "made_from": made_from(grade, homework, execution),
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def made_from(grade: Grade, homework: Homework, execution: Execution | None) -> str:
    """A fingerprint of all that is written about a student: of the grade, the words around it, the notebook that ran, and the grader."""
    digest = hashlib.sha256(as_json(grade, without={"seconds"}))
    digest.update(_around(homework))
    if execution is not None:
        digest.update(json_bytes(execution.notebook))
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _around(homework: Homework) -> bytes:
    """A digest of what the pages of a homework have besides grades: words, contours, templates, and the grader's version."""
    words = [homework.title, homework.reveal.model_dump_json(), __version__, templates_digest()]
    for problem in homework.problems:
        words += [problem.spec.title, *(text for one in problem.sections.values() for text in (one.title, one.text))]
        contours = [f"{name} {part.contours}" for name, part in problem.parts.items() if part.contours]
        words += [*contours, Path(problem.solver.file).read_text(encoding="utf-8")] if contours else []
    return hashlib.sha256(json.dumps(words).encode()).digest()


def _failure(failure: CellFailure) -> dict[str, Any]:
    """A cell that did not run to its end; `cell` counts from 1, `name` is the exception's or the limit's."""
    return {"cell": failure.cell + 1, "kind": failure.kind, "name": failure.name, "message": failure.message}


def _part(verdict: Verdict) -> dict[str, Any]:
    return {
        "problem": verdict.problem,
        "part": verdict.part,
        "outcome": verdict.outcome,
        "points": None if verdict.points is None else rounded_points(verdict.points),
        "max_points": rounded_points(verdict.max_points),
        "extra": verdict.extra,
        "answer": verdict.answer,
        "read_as": verdict.read_as,
        "finding": verdict.finding,
        "expected": verdict.expected,
        "message": verdict.message,
        "hint": verdict.hint,
        "convention": verdict.convention,
        "follows": verdict.follows,
        "suggestion": verdict.suggestion,
        "marked_by": verdict.marked_by,
        "comment": verdict.comment,
        "pictures": len(verdict.pictures),
    }
