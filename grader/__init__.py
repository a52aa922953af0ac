"""Grades deep-learning homework: runs notebooks, reads answers as data, marks them against solvers with named assumptions."""

from grader.course import Course, Homework, Problem
from grader.errors import BadNotebook, GraderError, InfrastructureError, InputError, ProblemError
from grader.loading import find_course, load_course
from grader.marking import Marker
from grader.records import Answer, Execution, Grade, Outcome, Status, Submission, Verdict

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "BadNotebook",
    "Course",
    "Execution",
    "Grade",
    "GraderError",
    "Homework",
    "InfrastructureError",
    "InputError",
    "Marker",
    "Outcome",
    "Problem",
    "ProblemError",
    "Status",
    "Submission",
    "Verdict",
    "__version__",
    "find_course",
    "load_course",
]
