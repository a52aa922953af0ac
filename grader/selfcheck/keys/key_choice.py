"""Which of several files of sealed keys a notebook is checked against."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import InputError
from grader.selfcheck.keys.key_file import PATTERN
from grader.selfcheck.keys.sealed import SUFFIX, SealedHomework, read_sealed
from grader.some_of_many import some

if TYPE_CHECKING:  # a running notebook is checked without what reads saved ones
    from grader.notebooks import Notebook


@dataclass(frozen=True)
class Key:
    """Sealed keys and where they come from."""

    path: Path
    sealed: SealedHomework

    def fits(self, words: Collection[str], homework: str | None = None) -> tuple[bool, int]:
        """Whether a notebook says that it belongs to this homework, and of how many of its variables it speaks."""
        return homework == self.sealed.homework, len(self.sealed.asked.keys() & set(words))


def best_key(
    files: Sequence[Path],
    words: Collection[str],
    homework: str | None = None,
    *,
    read: Callable[[Path], SealedHomework] = read_sealed,
    remedy: str = "name one with --key",
) -> Key:
    """The keys that fit a notebook best; of one homework the newest.

    Args:
        files: at least one. Those that cannot be read do not matter as long as another can.
        words: all that may be variables of the notebook.
        homework: the one that the notebook says it belongs to.
        read: reads a file of keys.
        remedy: what to do where several fit as well.

    Raises:
        InputError: none can be read, or those of several homeworks fit as well.
    """
    keys = _readable(files, read)
    most = max(key.fits(words, homework) for key in keys)
    best = [key for key in keys if key.fits(words, homework) == most]
    if len({key.sealed.homework for key in best}) > 1:
        raise InputError(f"several files of sealed keys fit ({some([key.path.name for key in best])}); {remedy}")
    return max(best, key=attrgetter("sealed.made_at"))


def chosen_key(path: Path, notebook: "Notebook", named: Path | None) -> Key:
    """The keys for a saved notebook: those that are named, or those beside it or here that fit it best.

    Args:
        path: of the notebook.
        notebook: what is in it.
        named: the file of keys that is asked for, if one is.

    Raises:
        InputError: there are none, they cannot be read, or several fit as well.
    """
    if named is not None:
        return Key(named, read_sealed(named))
    found = _found(path)
    if not found:
        raise InputError(
            f"no sealed keys, no file *{SUFFIX}, beside {path} or in {Path.cwd()}; "
            "put the one that your course gives you there, or name it with --key"
        )
    return best_key(found, notebook.words, notebook.homework)


def _found(path: Path) -> Sequence[Path]:
    """The files of keys beside a notebook and in the current folder, each once."""
    folders = dict.fromkeys((path.absolute().parent, Path.cwd()))
    files = (file for folder in folders for file in sorted(folder.glob(PATTERN)) if file.is_file())
    return list({file.resolve(): file for file in files}.values())


def _readable(files: Iterable[Path], read: Callable[[Path], SealedHomework]) -> list[Key]:
    """The keys that can be read; InputError, about the first, if there are none."""
    keys, troubles = [], []
    for file in files:
        try:
            keys.append(Key(file, read(file)))
        except InputError as error:
            troubles.append(error)
    if not keys:
        raise troubles[0]
    return keys
