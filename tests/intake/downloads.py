"""Downloads of every form, made to the forms' descriptions, with the odd names that they are known to have.

Each function gives the files of one download by their names, for `tree`, `zipped` or `tarred` to write.
"""

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Files = dict[str, bytes]
Work = Callable[[str], bytes]
"""Gives the notebook of a student."""


def named(student: str) -> bytes:
    """In place of a notebook, something that is different for each student."""
    return f'{{"student": "{student}"}}'.encode()


def flat(work: Work = named) -> Files:
    """Notebooks named after their students."""
    return {"ada.ipynb": work("ada"), "bo.ipynb": work("bo"), "Zoë Müller.ipynb": work("zoe"), "data.csv": b"1,2\n"}


def folders(work: Work = named) -> Files:
    """A folder per student; Ada has a draft as well."""
    return {
        "ada/hw1.ipynb": work("ada"),
        "ada/draft.ipynb": work("ada's draft"),
        "ada/.ipynb_checkpoints/hw1-checkpoint.ipynb": work("ada"),
        "bo/work/hw1.ipynb": work("bo"),
        "Zoë Müller/hw1.ipynb": work("zoe"),
        "Zoë Müller/data.csv": b"1,2\n",
    }


def nbgrader(work: Work = named) -> Files:
    """nbgrader's `submitted`."""
    return {
        "submitted/ada/ps1/hw1.ipynb": work("ada"),
        "submitted/ada/ps1/timestamp.txt": b"2026-02-02 15:58:23.948203 UTC",
        "submitted/bo/ps1/hw1.ipynb": work("bo"),
        "submitted/bo/ps1/extra.ipynb": work("bo's extra"),
        "submitted/bo/ps1/timestamp.txt": b"2026-02-03 08:00:00 UTC\n",
        "submitted/zoë/ps1/hw1.ipynb": work("zoe"),
    }


def exchange(work: Work = named) -> Files:
    """The folder into which nbgrader's exchange takes submissions; Ada submitted twice."""
    return {
        "ada+ps1+2026-02-02 15:58:23.948203 UTC/hw1.ipynb": work("ada, first"),
        "ada+ps1+2026-02-04 10:00:00.000000 UTC+x7Ka/hw1.ipynb": work("ada"),
        "ada+ps1+2026-02-04 10:00:00.000000 UTC+x7Ka/timestamp.txt": b"2026-02-04 10:00:01 UTC",
        "bo+ps1+2026-02-03 08:00:00 UTC/hw1.ipynb": work("bo"),
    }


GRADESCOPE_LIST = """\
submission_123456789:
  :submitters:
  - :name: Ada Roy
    :sid: '00417'
    :email: ada@x.edu
  :created_at: 2026-02-27 06:58:05.746365000 Z
  :score: 17.5
  :results:
    tests: []
submission_123456790: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
  :submitters:
  - :name: Bo Li
    :email: bo@x.edu
  - :name: Cy O'Neil
    :sid:
    :email: cy@x.edu
  :created_at: 2026-02-28 23:00:00.1 Z
  :score:
submission_123456791:
  :submitters: []
  :created_at:
submission_123456792:
  :submitters:
  - :name: Zoë Müller
    section_name: s-01
"""


def gradescope(work: Work = named) -> Files:
    """Gradescope's export, with a group, a submission of nobody, null fields and a tag of Ruby's."""
    return {
        "assignment_8046601_export/submission_metadata.yml": GRADESCOPE_LIST.encode(),
        "assignment_8046601_export/submission_123456789/src/hw1.ipynb": work("ada"),
        "assignment_8046601_export/submission_123456789/notes.txt": b"notes",
        "assignment_8046601_export/submission_123456790/hw1.ipynb": work("bo"),
        "assignment_8046601_export/submission_123456791/hw1.ipynb": work("nobody"),
        "assignment_8046601_export/submission_123456792/hw1 (final).ipynb": work("zoe"),
        "assignment_8046601_export/.DS_Store": b"",
        "__MACOSX/assignment_8046601_export/._submission_metadata.yml": b"",
    }


def canvas(work: Work = named) -> Files:
    """Canvas's submissions.zip: late, uploaded again, anonymous, a group with numbers in its name, text and a link."""
    return {
        "royada_340934_208490284_hw1-2.ipynb": work("ada"),
        "libo_LATE_340935_208490285_hw_1_2.ipynb": work("bo"),
        "müllerzoë_340936_208490286_hw1.ipynb": work("zoe"),
        "müllerzoë_340936_208490287_hw1-1.ipynb": work("zoe, again"),
        "team_3_340937_208490288_hw1.ipynb": work("team 3"),
        "LATE_anon_aB3xZ_208490289_hw1.ipynb": work("anonymous"),
        "quaymia_340938_text.html": b"<p>done</p>",
        "sternlea_LATE_340939_link.html": b"<a>",
        "sterntom_340940_208490290_hw1.pdf": b"%PDF",
    }


def moodle(work: Work = named) -> Files:
    """Moodle's archive of today, of before 4.1, and flat, with text typed in and names that are hidden."""
    return {
        "Ada Roy_1234567_assignsubmission_file/src/hw1.ipynb": work("ada"),
        "Bo Li_1234568_assignsubmission_file_/hw1.ipynb": work("bo"),
        "Cy O'Neil_1234569_assignsubmission_file_hw_1.ipynb": work("cy"),
        "李小龙_1234570_assignsubmission_file/hw1.ipynb": work("lee"),
        "Participant_1234571_assignsubmission_file/hw1.ipynb": work("hidden"),
        "Ada Roy_1234567_assignsubmission_onlinetext/onlinetext.html": b"<p>see file</p>",
        "Mia Quay_1234572_assignsubmission_onlinetext_onlinetext.html": b"<p>done</p>",
        "Ada Roy_1234567_assignfeedback_file/old.ipynb": b"{}",
    }


def moodle_teams(work: Work = named) -> Files:
    """Moodle's archive of an assignment for teams."""
    return {
        "Group A_15_assignsubmission_file/hw1.ipynb": work("group a"),
        "Default group_assignsubmission_file/hw1.ipynb": work("default"),
    }


def brightspace(work: Work = named) -> Files:
    """Brightspace's archive: Mary-Ann submitted twice."""
    return {
        "397063-2557369 - Mary-Ann Smith - Sep 24, 2026 926 PM/hw1.ipynb": work("mary, first"),
        "397063-2557369 - Mary-Ann Smith - Sep 25, 2026 1204 AM/hw1.ipynb": work("mary"),
        "397064-2557369 - Bo Li - Sep 24, 2026 1130 AM/hw1.ipynb": work("bo"),
        "index.html": b"<html>",
    }


def brightspace_flat(work: Work = named) -> Files:
    """Brightspace's archive of older days."""
    return {
        "12345-67890 - Mary-Ann Smith- Sep 24, 2026 926 PM - hw1.ipynb": work("mary"),
        "12346-67890 - Bo Li- Sep 24, 2026 1130 AM - my - hw.ipynb": work("bo"),
    }


def blackboard(work: Work = named) -> Files:
    """Blackboard's archive: Ada has two attempts, Bo's user name has an underscore, Cy handed in no file."""
    return {
        "Homework 1_aroy_attempt_2026-01-30-15-00-00_hw1.ipynb": work("ada, first"),
        "Homework 1_aroy_attempt_2026-01-30-15-00-00.txt": b"Name: Ada Roy (aroy)\r\nAssignment: Homework 1\r\n",
        "Homework 1_aroy_attempt_2026-01-31-09-30-00_hw1.ipynb": work("ada"),
        "Homework 1_aroy_attempt_2026-01-31-09-30-00.txt": b"Name: Ada Roy (aroy)\r\n",
        "Homework 1_b_li_attempt_2026-01-30-16-00-00_hw_1.ipynb": work("bo"),
        "Homework 1_b_li_attempt_2026-01-30-16-00-00.txt": b"\xef\xbb\xbfName: Bo Li (b_li)\nComments: Name: Ada (aroy)\n",
        "Homework 1_coneil_attempt_2026-01-30-17-00-00.txt": b"Name: Cy O'Neil (coneil)\n",
    }


def clones(work: Work = named) -> Files:
    """A folder of git clones with the notebook of the template in each."""
    return {
        f"hw1-submissions/hw1-{user}/{name}": content
        for user, student in (("ada-roy", "ada"), ("bo", "bo"))
        for name, content in {
            ".git/config": b"[core]",
            "README.ipynb": b"template",
            "src/hw1.ipynb": work(student),
            "data.csv": b"1,2\n",
        }.items()
    }


ALL: dict[str, Callable[[], Files]] = {
    made.__name__: made
    for made in (
        *(flat, folders, nbgrader, exchange, gradescope, canvas, moodle, moodle_teams),
        *(brightspace, brightspace_flat, blackboard, clones),
    )
}


def tree(root: Path, files: Mapping[str, bytes]) -> Path:
    """The files below a folder, which is made."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files in a zip."""
    path.write_bytes(zip_bytes(files))
    return path


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip with the files, as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files in a tar, packed by gzip if its name says so."""
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path
