"""Files in, submissions out."""

from grader.intake.choosing import choose
from grader.intake.classes import ClassFolder, class_folders
from grader.intake.collecting import collect
from grader.intake.rosters import Roster, read_rosters
from grader.intake.values import Intake, LeftOut

__all__ = ["ClassFolder", "Intake", "LeftOut", "Roster", "choose", "class_folders", "collect", "read_rosters"]
