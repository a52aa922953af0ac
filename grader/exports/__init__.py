"""Grades into the files that platforms import, and reports into their archives."""

from grader.exports.archive import feedback
from grader.exports.difference import Aside, Change, Difference, Export, Options, difference_table
from grader.exports.platforms import PLATFORMS, Platform, export

__all__ = [
    "PLATFORMS",
    "Aside",
    "Change",
    "Difference",
    "Export",
    "Options",
    "Platform",
    "difference_table",
    "export",
    "feedback",
]
