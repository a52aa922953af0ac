"""grade.json: one student's grade for other programs."""

import json
from typing import Any

from grader.records import CellFailure, Grade, Verdict
from grader.reports.points import rounded_points


def grade_json(grade: Grade) -> str:
    """The grade as JSON text. `points` is null while a part is pending, and the total counts what is decided.

    For the staff: `suggestion` is for whoever marks what waits for a person. Pictures are counted; the page has them.
    """
    record = {
        "student": grade.student,
        "homework": grade.homework,
        "points": rounded_points(grade.points),
        "max_points": rounded_points(grade.max_points),
        "pending_points": rounded_points(grade.pending_points),
        "status": grade.status,
        "isolation": grade.isolation,
        "parts": [_part(verdict) for verdict in grade.verdicts],
        "failures": [_failure(failure) for failure in grade.failures],
        "output_cut": [cell + 1 for cell in grade.cut],
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


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
        "message": verdict.message,
        "suggestion": verdict.suggestion,
        "pictures": len(verdict.pictures),
    }
