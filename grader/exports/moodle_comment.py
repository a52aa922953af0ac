"""What Moodle shows a student beside the grade."""

from collections import Counter
from html import escape

from grader.course import Homework
from grader.records import Grade, Result, Verdict
from grader.reports.points import points_text
from grader.reports.revealing import revealed
from grader.reveal import Reveal

UNTOLD = "Marks are not shown yet."
Titles = dict[tuple[str, str], str]
"""Of parts, by problem and part."""


def comment(result: Result, homework: Homework) -> str:
    """What a student is told, as the HTML of a feedback comment. A backslash before a quotation mark would confuse PHP's reader."""
    grade, titles = result.grade, _titles(homework)
    level = homework.reveal.students
    lines = [_points(grade, homework) if level.includes(Reveal.VERDICTS) else UNTOLD]
    lines += [grade.late.words] if grade.late is not None else []
    told = revealed(grade, homework, level).verdicts
    lines += [f"{titles[one.problem, one.part]}: {words}" for one in told if (words := _told(one, titles))]
    return "<br>".join(" ".join(escape(_shown(line)).split()).replace("\\", "&#92;") for line in lines)


def _points(grade: Grade, homework: Homework) -> str:
    """With what is still to come, so that nobody takes it for the final mark."""
    maximum = grade.max_points if grade.verdicts else homework.max_points
    words = f"{points_text(grade.total)} of {points_text(maximum)} points"
    if grade.pending_points:
        return f"{words}, {points_text(grade.pending_points)} more pending"
    return f"{words}, extra points pending" if any(one.outcome.pending for one in grade.verdicts) else words


def _told(verdict: Verdict, titles: Titles) -> str:
    """What waits for a person has no words yet but that person's own."""
    if verdict.comment or verdict.outcome.pending:
        return verdict.comment
    own = " and ".join(titles[verdict.problem, part] for part in verdict.follows)
    words = (
        f"Right under the convention that {verdict.convention}." if verdict.convention else "",
        f"Held against what follows from your own answer to {own}." if own else "",
        verdict.message,
        verdict.hint,
    )
    return " ".join(filter(None, words))


def _titles(homework: Homework) -> Titles:
    """The titles of parts, with the problem's in front where several parts have the same."""
    titles = {(problem.name, part): problem.sections[part].title for problem, part in homework.parts}
    problems = {problem.name: problem.spec.title for problem in homework.problems}
    times = Counter(titles.values())
    return {key: title if times[title] == 1 else f"{problems[key[0]]}, {title}" for key, title in titles.items()}


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() or c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)
