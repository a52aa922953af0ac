"""Names of students, made safe."""

import re
import unicodedata
from itertools import chain, count

from grader.records import MAXIMUM

# Folder names below OUT come from student names; this leaves room for a number and for Windows' 260 characters of a path.
LONGEST_NAME_BYTES = 120
_RESERVED_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³])(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A name that is safe as a folder on every system, in a web page, on a terminal and in a spreadsheet.

    Letters, marks and digits of every script are kept; everything else becomes a hyphen.
    """
    kept = (
        c if unicodedata.category(c)[0] in "LMN" or c in "_.@+-" else " " for c in unicodedata.normalize("NFC", name)
    )
    hyphened = re.sub("[ -]+", "-", "".join(kept)).lstrip("-.+@")
    cut = hyphened.encode()[:LONGEST_NAME_BYTES].decode(errors="ignore").rstrip("-.+@")
    return f"_{cut}" if _RESERVED_BY_WINDOWS.fullmatch(cut) else cut or "unnamed"


class FreeNames:
    """Gives every student a safe name that no other has, whatever a file system takes for equal."""

    def __init__(self) -> None:
        self._taken = {MAXIMUM}

    def take(self, wanted: str) -> str:
        """The wanted name, made safe, with a number where it is taken."""
        safe = safe_name(wanted)
        candidates = chain([safe], (f"{safe}-{number}" for number in count(2)))
        free = next(name for name in candidates if name.casefold() not in self._taken)
        self._taken.add(free.casefold())
        return free


def squeezed(text: str) -> str:
    """Only the letters and digits of a name, in lower case: equal for "Doe_Jane" and "doe jane"."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", text).casefold())


def reading_order(name: str) -> str:
    """A name as it is read: "Doe, Jane" becomes "Jane Doe"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma else name


def sortable_orders(name: str) -> set[str]:
    """Every way to squeeze a name with the family name first, which may have several words."""
    if "," in name:
        return {squeezed(name)}
    words = name.split()
    return {squeezed("".join(words[cut:] + words[:cut])) for cut in range(len(words))} - {""}


def well_formed(text: str) -> str:
    """Text that can be written down: a file name whose bytes are no UTF-8 has marks in their place."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
