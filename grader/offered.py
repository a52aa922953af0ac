"""What `import grader` offers; `grader/__init__.py` loads it when the first of it is asked for."""

from grader.course import Course, Homework, Problem
from grader.course_folder import find_course
from grader.errors import BadNotebook, GraderError, InfrastructureError, InputError, ProblemError
from grader.loading import load_course
from grader.marking import Marker
from grader.records import Answer, Execution, Grade, Outcome, Status, Submission, Verdict

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
    "find_course",
    "load_course",
]
