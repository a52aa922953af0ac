"""One class graded: what is new is run, the rest is marked from the record, and each result is kept as it lands."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic

from grader.class_summary import summarize
from grader.conditions import Conditions, conditions
from grader.console import err_console, warn
from grader.course import Course
from grader.errors import InputError
from grader.gathering import Class_
from grader.grades import Grades, Handed
from grader.grading_order import Order
from grader.json_output import GradedClass
from grader.keeping import Keeper
from grader.kernel_choice import kernels_for
from grader.known_students import Known, new_names, refuse_others, still_out, to_grade
from grader.loading import course_hash
from grader.pipeline import Run, graded_without_run
from grader.progress import progress, slowest_words
from grader.recorded import Marked, Plan, from_record, plan
from grader.reports.standing import Standing, standing
from grader.some_of_many import some
from grader.store import Ran, Store
from grader.terminal import warn_of_lapsed
from grader.watching import Watch


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
        self._homework, self._shown = class_.homework, order.shown
        self._limits = order.limits_of(class_.homework)

    def grade(self, checked: Callable[[], None]) -> GradedClass:
        """Grades it, keeps its results, and shows them.

        Args:
            checked: waits until the whole course is known to be sound.
        """
        name = self._homework.name
        if not self._order.store and (others := set(self._store.homeworks()) - {name}):
            raise InputError(
                f"{self._class.out} has the results of {min(others)}; choose another folder for {name} with -o"
            )
        known = self._store.handed_in(name)
        refuse_others(self._class.handed, known, self._class.out)
        handed = list(to_grade(self._still_here(), known, has_roster=bool(self._order.asked.rosters)))
        now = conditions(self._homework.asked, self._limits, self._homework.preload)
        contained = not self._order.isolation.unsafe
        ran = self._store.ran(name)
        planned = plan(handed, ran, now, contained=contained, force=self._order.force)
        self._shown.tell(self._opening(handed, planned))
        checked()
        run = self._store.begin("grade", name, course_hash(self._course.root), self._order.by)
        self._rename(run, known)
        keeper = Keeper(self._store, run, self._homework, self._class.out, now)
        class_ = self._graded(planned, keeper, ran, len(handed))
        everybody = keeper.gradebook()
        summarize(self._shown, self._class, class_, everybody)
        warn_of_lapsed(keeper.lapsed)
        return GradedClass.of(self._homework, self._class.out, class_)

    def _opening(self, handed: Sequence[Handed], planned: Plan) -> str:
        number = len(handed)
        words = f"{self._homework.name}: {self._homework.title}, {number} student{'s' * (number != 1)}"
        if form := self._class.intake.form:
            words += f" from {form}"
        same = len(planned.recorded)
        return f"{words}; {same} unchanged, marked from the record" if same else words

    def _still_here(self) -> list[Handed]:
        """Without those who were withdrawn and have handed in nothing new since, unless they are asked for by name."""
        if self._order.asked.only:
            return self._class.handed
        gone = still_out(self._class.handed, self._store.handed_in(self._homework.name, withdrawn=True))
        if gone:
            warn(f"withdrawn, and so left out; --only brings them back: {some(sorted(gone))}")
        return [one for one in self._class.handed if one.submission.student not in gone]

    def _rename(self, run: int, known: Known) -> None:
        """Has those go on under their new names whose files have other students' names now."""
        names = new_names(self._class.handed, known)
        if names and not self._order.asked.only:
            self._store.rename(run, self._homework.name, names)
            changed = [f"{old} to {name}" for old, name in names.items()]
            warn(f"renamed, since their files have other students' names now: {some(changed)}")

    def _graded(self, planned: Plan, keeper: Keeper, ran: Mapping[str, Ran], total: int) -> list[Standing]:
        """Everybody's results, kept, with how far that is shown meanwhile."""
        grades, started = Grades(self._course, self._homework), monotonic()
        watch = Watch(sum(grades.without_run(one) is None for one in planned.to_run))
        class_ = self._kept(self._results(grades, planned, keeper, ran, watch), keeper, total, watch)
        if slow := slowest_words(watch):
            self._shown.tell(f"{slow}; the class took {monotonic() - started:.0f} s")
        return class_

    def _kept(self, results: Generator[Marked], keeper: Keeper, total: int, watch: Watch) -> list[Standing]:
        """Keeps each result as soon as it is there; sorted by student."""
        class_: list[Standing] = []
        console = err_console if self._shown.progress else None
        try:
            with progress(console, total, watch, title=self._homework.name) as advance, closing(results):
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

    def _results(
        self, grades: Grades, planned: Plan, keeper: Keeper, ran: Mapping[str, Ran], watch: Watch
    ) -> Generator[Marked]:
        """The results: first what needs no run, then the runs, then whose file has just run."""
        yield from from_record(self._store, grades, planned.recorded, ran)
        waiting = []
        for one in planned.to_run:
            graded = graded_without_run(grades, one)
            if graded is None:
                waiting.append(one)
            else:
                yield Marked(graded)
        if waiting and keeper.conditions is not None:
            yield from self._run(grades, keeper.conditions, waiting, watch)
        if planned.like_others:
            yield from from_record(self._store, grades, planned.like_others, self._store.ran(self._homework.name))

    def _run(self, grades: Grades, now: Conditions, handed: Sequence[Handed], watch: Watch) -> Iterator[Marked]:
        self._shown.tell(f"{self._homework.name}: starting kernels")
        with kernels_for(self._course, self._homework, self._limits, self._order.isolation, self._secret) as kernels:
            number = len(handed)
            words = f"{number} notebook{'s' * (number != 1)} to run, isolation {kernels.isolation}"
            self._shown.tell(f"{self._homework.name}: {words}")
            with closing(Run(grades, kernels, now, watched=watch).grade_all(handed, self._order.jobs)) as graded:
                for one in graded:
                    yield Marked(one)
