"""One class graded: what is new is run, the rest is marked from the record, and each result is kept as it lands."""

import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from grader.conditions import Conditions, conditions
from grader.console import err_console, inert, out_console, some, warn, warn_of_each
from grader.course import Course, Homework
from grader.errors import InputError
from grader.gathering import Asked, Class_
from grader.grades import Grades, Handed
from grader.intake.rosters import union
from grader.keeping import Keeper
from grader.kernel_choice import Isolation, kernels_for
from grader.kernels.limits import Limits
from grader.loading import course_hash
from grader.pipeline import Run, graded_without_run
from grader.recorded import Marked, Plan, from_record, plan
from grader.records import Status, Submission
from grader.reports.standing import Standing, standing
from grader.reports.writing import students_folder
from grader.store import Ran, Store
from grader.terminal import class_table, progress, warn_of_lapsed

_OF_PLATFORM = ("is the platform's", "is nbgrader's")
"""How the reason begins why something is left out that a platform has added."""


@dataclass(frozen=True)
class Order:
    """What whoever grades asks for."""

    asked: Asked
    """Where submissions come from, and where results go."""
    course: Path
    """The folder with problems/ and reference/."""
    jobs: int
    """Notebooks that run at a time."""
    limits: dict[str, float | None]
    """In place of the homework's own, where they are not None."""
    isolation: Isolation
    by: str
    """Who grades."""
    store: str | None = None
    """URL of the database for the record; by default it is a file of the class."""
    force: bool = False
    """Run every notebook, whatever the record has."""

    @property
    def flags(self) -> dict[str, float]:
        """The limits that are set in place of the homework's own; InputError if one is no number."""
        changed = {name: value for name, value in self.limits.items() if value is not None}
        if not all(map(math.isfinite, changed.values())):
            raise InputError("--timeout and --notebook-timeout are numbers of seconds, such as 60")
        return changed


class ClassGrading:
    """One class being graded.

    Args:
        order: what whoever grades asks for.
        course: whose homework it is.
        class_: what was handed in.
        store: the record of the class.
        secret: what no notebook may read, besides the course.

    Raises:
        InputError: a limit makes no sense.
    """

    def __init__(self, order: Order, course: Course, class_: Class_, store: Store, secret: Sequence[Path]) -> None:
        self._order, self._course, self._class, self._store, self._secret = order, course, class_, store, secret
        self._homework = class_.homework
        self._limits = _limits(class_.homework, order.flags)

    def grade(self, checked: Callable[[], None]) -> bool:
        """Grades it and keeps its results; whether there was a fault of ours.

        Args:
            checked: waits until the whole course is known to be sound.
        """
        name = self._homework.name
        if not self._order.store and (others := set(self._store.homeworks()) - {name}):
            raise InputError(
                f"{self._class.out} has the results of {min(others)}; choose another folder for {name} with -o"
            )
        known = self._store.handed_in(name)
        _refuse_others(known, self._class)
        handed = [
            self._remembered(one, known)
            for one in self._still_here(name)
            if not (one.submission.missing and _has_handed_in(known, one))
        ]
        now = conditions(self._homework.asked, self._limits, self._homework.preload)
        contained = not self._order.isolation.unsafe
        ran = self._store.ran(name)
        planned = plan(handed, ran, now, contained=contained, force=self._order.force)
        err_console.print(inert(self._opening(handed, planned)))
        checked()
        run = self._store.begin("grade", name, course_hash(self._course.root), self._order.by)
        self._rename(run, known)
        keeper = Keeper(self._store, run, self._homework, self._class.out, now)
        class_ = self._kept(self._results(planned, keeper, ran), keeper, len(handed))
        everybody = keeper.gradebook()
        self._summary(class_, everybody)
        warn_of_lapsed(keeper.lapsed)
        return any(one.status is Status.FAULT for one in class_)

    def _opening(self, handed: Sequence[Handed], planned: Plan) -> str:
        number = len(handed)
        words = f"{self._homework.name}: {self._homework.title}, {number} student{'s' * (number != 1)}"
        if form := self._class.intake.form:
            words += f" from {form}"
        same = len(planned.recorded)
        return f"{words}; {same} unchanged, marked from the record" if same else words

    def _still_here(self, homework: str) -> list[Handed]:
        """Without those who were withdrawn and have handed in nothing new since, unless they are asked for by name."""
        if self._order.asked.only:
            return self._class.handed
        withdrawn = self._store.handed_in(homework, withdrawn=True)
        gone = {
            one.submission.student
            for one in self._class.handed
            if (before := withdrawn.get(one.submission.student)) and before.fingerprint == one.submission.fingerprint
        }
        if gone:
            warn(f"withdrawn, and so left out; --only brings them back: {some(sorted(gone))}")
        return [one for one in self._class.handed if one.submission.student not in gone]

    def _remembered(self, handed: Handed, known: Mapping[str, Submission]) -> Handed:
        """The same file of the same student, with what a roster said of it before, where none is given now."""
        new, before = handed.submission, known.get(handed.submission.student)
        same = before is not None and (before.origin, before.fingerprint) == (new.origin, new.fingerprint)
        if before is None or not same or self._order.asked.rosters:
            return handed
        kept = {
            "person": union(new.person, before.person),
            "submitted": new.submitted or before.submitted,
            "due": new.due or before.due,
            "group": new.group or before.group,
        }
        return replace(handed, submission=new.model_copy(update=kept))

    def _rename(self, run: int, known: Mapping[str, Submission]) -> None:
        """Has those go on under their new names whose files are now said to be somebody's who is new, as after a roster was given."""
        here = {one.submission.student for one in self._class.handed}
        new = {
            (one.submission.origin, one.submission.digest): one.submission.student
            for one in self._class.handed
            if one.submission.digest and one.submission.student not in known
        }
        names = {
            student: new[submission.origin, submission.digest]
            for student, submission in known.items()
            if student not in here and (submission.origin, submission.digest) in new
        }
        if names and not self._order.asked.only:
            self._store.rename(run, self._homework.name, names)
            warn(
                f"renamed, since their files have other students' names now: {some([f'{old} to {name}' for old, name in names.items()])}"
            )

    def _kept(self, results: Generator[Marked], keeper: Keeper, total: int) -> list[Standing]:
        """Keeps each result as soon as it is there; sorted by student."""
        class_: list[Standing] = []
        try:
            with progress(err_console, total) as advance, closing(results):
                for one in results:
                    class_.append(standing(keeper.keep(one), self._homework))
                    advance(class_[-1], shown=one.ran is None)
        except KeyboardInterrupt:
            keeper.gradebook()
            warn(
                f"interrupted; the results of {len(class_)} of {total} students are recorded, and the same command goes on"
            )
            raise
        return sorted(class_, key=lambda one: one.student.casefold())

    def _results(self, planned: Plan, keeper: Keeper, ran: Mapping[str, Ran]) -> Generator[Marked]:
        """The results: first what needs no run, then the runs, then whose file has just run."""
        grades = Grades(self._course, self._homework)
        yield from from_record(self._store, grades, planned.recorded, ran)
        waiting = []
        for one in planned.to_run:
            graded = graded_without_run(grades, one)
            if graded is None:
                waiting.append(one)
            else:
                yield Marked(graded)
        if waiting and keeper.conditions is not None:
            yield from self._run(grades, keeper.conditions, waiting)
        if planned.like_others:
            yield from from_record(self._store, grades, planned.like_others, self._store.ran(self._homework.name))

    def _run(self, grades: Grades, now: Conditions, handed: Sequence[Handed]) -> Iterator[Marked]:
        err_console.print(inert(f"{self._homework.name}: starting kernels"))
        with kernels_for(self._course, self._homework, self._limits, self._order.isolation, self._secret) as kernels:
            number = len(handed)
            words = f"{number} notebook{'s' * (number != 1)} to run, isolation {kernels.isolation}"
            err_console.print(inert(f"{self._homework.name}: {words}"))
            with closing(Run(grades, kernels, now).grade_all(handed, self._order.jobs)) as graded:
                for one in graded:
                    yield Marked(one)

    def _summary(self, class_: Sequence[Standing], everybody: Sequence[Standing]) -> None:
        """What is printed at the end."""
        out_console.print(class_table(class_))
        for one in class_:
            if one.note and one.status is not Status.NO_SUBMISSION:
                other = " (--homework NAME grades it as another one)" * (one.status is Status.OTHER_HOMEWORK)
                warn(f"{one.student}: {one.note}{other}")
        # What a platform adds for its own use is nobody's work; grader intake lists it.
        left_out = [one for one in self._class.left_out if not one.why.startswith(_OF_PLATFORM)]
        if left_out:
            warn_of_each("left out", [f"{one.path}: {one.why}" for one in left_out])
        here = {one.student for one in class_}
        if others := [one.student for one in everybody if one.student not in here]:
            number = len(others)
            warn(f"the gradebook has {number} student{'s' * (number != 1)} more from earlier runs: {some(others)}")
        out = self._class.out
        out_console.print(
            f"\nreports in {inert(str(students_folder(out)))}, gradebook in {inert(str(out / 'gradebook.csv'))}",
            soft_wrap=True,
        )


def _refuse_others(known: Mapping[str, Submission], class_: Class_) -> None:
    """Whoever has the name of somebody in the record but is somebody else would take that student's place."""
    for one in class_.handed:
        new, before = one.submission, known.get(one.submission.student)
        if before is None or new.platform != before.platform:
            continue
        # A number of a submission is another one each time.
        ids = [kind for kind in new.person.ids.keys() & before.person.ids.keys() if not kind.endswith("submission")]
        if other := [kind for kind in ids if new.person.ids[kind] != before.person.ids[kind]]:
            raise InputError(
                f"{new.student} is another one than in the record of {class_.out} ({other[0]} {new.person.ids[other[0]]}, there "
                f"{before.person.ids[other[0]]}); give a roster that tells them apart, or another folder with -o"
            )


def _has_handed_in(known: Mapping[str, Submission], handed: Handed) -> bool:
    before = known.get(handed.submission.student)
    return before is not None and not before.missing


def _limits(homework: Homework, flags: dict[str, float]) -> Limits:
    """The limits of a homework with those of flags in their place."""
    try:
        return Limits.model_validate(homework.limits.model_dump() | flags)
    except ValidationError as error:
        detail = error.errors()[0]
        raise InputError(f"{detail['loc'][0]} = {detail['input']}: {detail['msg']}; give more") from error
