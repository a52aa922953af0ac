"""Files in, submissions out."""

from grader.intake.folder import Intake, collect

__all__ = ["Intake", "collect"]
