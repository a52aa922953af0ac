"""Files in, submissions out."""

from grader.intake.classes import ClassFolder, class_folders
from grader.intake.folder import Intake, collect

__all__ = ["ClassFolder", "Intake", "class_folders", "collect"]
