"""The findings of a class, gathered by part."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.course import Homework, Problem
from grader.reports.findings import Finding, finding_of
from grader.reports.standing import Standing

Students = list[int]
"""Positions in the class."""


@dataclass(frozen=True)
class PartFindings:
    """What was found in one part, and in whose answers."""

    problem: Problem
    part: str
    position: int
    """Of the part in the homework, and so in `Standing.parts`."""
    students: Mapping[str, Students]
    """By finding, as `finding_of` reads it."""

    @property
    def name(self) -> str:
        """Of the part: "alexnet_sizes.parameters"."""
        return f"{self.problem.name}.{self.part}"

    def read(self) -> Iterator[tuple[Finding, Students]]:
        """The findings, the commonest first."""
        for text, students in sorted(self.students.items(), key=lambda entry: (-len(entry[1]), entry[0])):
            yield finding_of(text), students


def findings_of(class_: Sequence[Standing], homework: Homework) -> tuple[PartFindings, ...]:
    """What was found in each part, in the order of the homework; of those students only whose notebook was marked."""
    asked = list(homework.parts)
    found: list[dict[str, Students]] = [defaultdict(list) for _ in asked]
    for position, one in enumerate(class_):
        if one.took_part:
            for students, part in zip(found, one.parts, strict=True):
                if part is not None:
                    students[part.finding].append(position)
    return tuple(PartFindings(*asked[position], position, students) for position, students in enumerate(found))
