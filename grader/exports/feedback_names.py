"""What a report is called in each platform's archive.

Platforms tell students by the names that they gave to the download. A name that would have to be altered to be safe would be
somebody else's or nobody's, so it is refused.
"""

import re
import unicodedata

from grader.errors import InputError
from grader.exports.matching import platform_id
from grader.exports.nbgrader_folders import assignment_of
from grader.records import Result
from grader.reports.places import REPORT

_MOODLE = re.compile(
    r"(?P<name>[^_]+?)(?:_(?P<id>[0-9]+))?_(?P<plugin>(?:assignsubmission|assignfeedback)_[a-z]+)(?P<rest>_?$|_.+)"
)
# What the intake opens.
_ARCHIVE = re.compile(r"\.(zip|tar|tar\.gz|tgz)$", re.IGNORECASE)
_BRIGHTSPACE = re.compile(r"[0-9]+-[0-9]+ ?- .+ ?- .+")
_NOT_IN_NAMES = set('\\/:*?"<>|')
_LONGEST_BYTES = 255


def canvas(result: Result) -> str:
    """The name of the handed-in file, in which Canvas looks for its first two numbers: student and attachment."""
    name = _safe(_handed_to_canvas(result.submission.origin))
    numbers = _numbers(name)
    student = result.submission.person.ids.get("canvas", "")
    if _is_anonymous(name):
        raise InputError(
            f"{name!r} is anonymous, and Canvas takes no reports for such submissions; send this one by hand"
        )
    if len(numbers) < 2:  # noqa: PLR2004 - the student's and the attachment's
        raise InputError(
            f"{name!r} has not the numbers of a student and a file that Canvas gives, as text that was typed in has not; "
            "send this report by hand"
        )
    if student and numbers[0] != student and not result.submission.group:
        raise InputError(f"Canvas would take {numbers[0]} in {name!r} for the student's number, which is {student}")
    return name


def _handed_to_canvas(origin: str) -> str:
    """The archive that a student handed in, or else the notebook; only what Canvas named counts, not what is inside."""
    *folders, name = origin.split("/")
    archives = (folder for folder in folders if _ARCHIVE.search(folder))
    return next((one for one in archives if _is_anonymous(one) or len(_numbers(one)) > 1), name)


def _numbers(name: str) -> list[str]:
    return [token for token in re.split(r"[_.]", name) if re.fullmatch("[0-9]+", token)]


def _is_anonymous(name: str) -> bool:
    return "anon_" in name[:10]


def moodle(result: Result) -> str:
    """The downloaded folder of the student; in a team's, a folder of each member's own."""
    parts = [found for part in result.submission.origin.split("/") if (found := _MOODLE.fullmatch(part))]
    own = platform_id(result, "moodle")
    found = parts[0] if parts else None
    if found and found["id"] and not result.submission.group and own in {"", found["id"]}:
        flat = len(found["rest"]) > 1
        whole = f"{found['name']}_{found['id']}_{found['plugin']}"
        return _safe_path(f"{whole}_{REPORT}" if flat else f"{found[0]}/{REPORT}")
    if not re.fullmatch("[0-9]+", own):
        raise InputError("its participant number in Moodle is not known; give a roster that has it")
    name = result.submission.person.name or result.submission.student
    name = " ".join("".join(" " if c == "_" or c in _NOT_IN_NAMES or not c.isprintable() else c for c in name).split())
    behind = "_" if found and found["rest"] == "_" else ""
    return _safe_path(f"{name.lstrip('.~') or 'student'}_{own}_assignsubmission_file{behind}/{REPORT}")


def brightspace(result: Result) -> str:
    """The downloaded folder of the submission, as it is."""
    folder = next((part for part in result.submission.origin.split("/")[:-1] if _BRIGHTSPACE.fullmatch(part)), None)
    if folder is None:
        raise InputError(
            "it does not come from a folder of Brightspace's download, such as '397063-2557369 - Jane Doe - Sep 24'"
        )
    return _safe_path(f"{folder}/{REPORT}")


def nbgrader(result: Result) -> str:
    """feedback/<student>/<assignment>/<notebook>.html, by the folders in which the notebook was handed in."""
    parts = result.submission.origin.split("/")
    student = result.submission.person.login or result.submission.student
    assignment = assignment_of(result.submission) or result.grade.homework
    notebook = re.sub(r"\.ipynb$", "", parts[-1] or result.submission.path.name, flags=re.IGNORECASE)
    return "/".join(("feedback", _safe(student), _safe(assignment), _safe(f"{notebook}.html")))


def _safe_path(path: str) -> str:
    return "/".join(map(_safe, path.split("/")))


def _safe(name: str) -> str:
    """A name that means the same on every system; InputError when it does not."""
    fine = name.strip(". ") and not any(c in _NOT_IN_NAMES or unicodedata.category(c)[0] == "C" for c in name)
    if not fine or name.startswith((".", "~")) or len(name.encode(errors="surrogatepass")) > _LONGEST_BYTES:
        raise InputError(
            f"the name {name[:60]!r} in the download cannot be used in an archive; send this report by hand"
        )
    return name
