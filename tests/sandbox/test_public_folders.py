import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from grader.sandbox.public_folders import PublicFolders
from grader.sandbox.settings import Containment
from tests.sandbox.children import in_child, linux

pytestmark = linux
SHARED = Containment(landlock=True)
USER = 61_235


def _must_be_root() -> None:
    if os.geteuid():
        pytest.skip("only root can be another user")


@pytest.fixture
def prefix() -> Iterator[Path]:
    path = Path("/dev/shm") / uuid4().hex
    yield path
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink() if left.is_file() else left.rmdir()


def test_with_a_shared_user_only_what_is_new_and_in_nobodys_use_is_removed(prefix: Path) -> None:
    _must_be_root()
    older, left, folder, opened, mapped = (prefix.with_name(f"{prefix.name}{n}") for n in range(5))
    inside = folder / "opened"

    def leave_and_remove() -> list[bool]:
        os.setresuid(USER, USER, USER)  # else whatever root has made meanwhile is at stake
        older.write_text("x", encoding="utf-8")
        public = PublicFolders(SHARED, USER)
        for file in (left, mapped):
            file.write_text("x", encoding="utf-8")
        folder.mkdir()
        with opened.open("w", encoding="utf-8"), inside.open("w", encoding="utf-8"):
            with mapped.open("r+b") as whole:
                mapping = mmap.mmap(whole.fileno(), 1)
            public.remove_unused()
            there = [path.exists() for path in (older, left, folder, opened, mapped)]
            mapping.close()
        public.remove_unused()
        return [*there, folder.exists(), opened.exists(), mapped.exists()]

    assert in_child(leave_and_remove) == [True, False, True, True, True, False, False, False]


def test_what_exceeds_a_limit_is_removed_whoever_uses_it(prefix: Path) -> None:
    _must_be_root()

    def fill_and_remove() -> bool:
        os.setresuid(USER, USER, USER)
        public = PublicFolders(SHARED, USER)
        with prefix.open("w", encoding="utf-8"):
            assert public.written(10)[1] == 1
            public.remove()
        return prefix.exists()

    assert in_child(fill_and_remove) is False
