"""What is wrong with an archive that hands out results which were computed elsewhere."""

import json
import zipfile
from collections.abc import Iterator, Mapping

from grader.gradescope.examining.findings import Finding, error
from grader.gradescope.replay.replaying import FORMAT, INDEX, scripts

_AGAIN = "make it again with grader gradescope replay"


def is_replay(files: Mapping[str, zipfile.ZipInfo]) -> bool:
    """Whether an archive is one of these."""
    return {INDEX, "replay.py"} <= files.keys()


def replay_findings(archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo]) -> Iterator[Finding]:
    """What keeps it from handing out what it has.

    Args:
        archive: with nothing damaged in it.
        files: of it, by name.
    """
    for script in scripts():
        if script.name in files and archive.read(script.name) != script.content:
            yield error(script.name, f"is not as this grader writes it; {_AGAIN}")
    try:
        index = json.loads(archive.read(INDEX))
        wanted = {f"results/{number}.json" for number in index["students"].values()}
        if index["format"] != FORMAT:
            yield error(INDEX, f"has format {index['format']!r}, not {FORMAT}; {_AGAIN}")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        yield error(INDEX, f"is damaged; {_AGAIN}")
        return
    if missing := sorted(wanted - files.keys()):
        yield error(missing[0], f"is missing, and with it the results of {len(missing)} students; {_AGAIN}")
