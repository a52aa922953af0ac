import errno
import re
from pathlib import Path

import pytest

from grader.sandbox import landlock, syscalls
from grader.sandbox.landlock import Right, restrict


def test_where_there_is_no_landlock_nothing_is_restricted_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> int:
        raise OSError(errno.ENOSYS, "not there")

    monkeypatch.setattr(syscalls, "call", absent)
    assert landlock.abi() == 0
    with pytest.raises(OSError, match="has none") as refused:
        restrict([], [], network=True)
    assert refused.value.errno == errno.EOPNOTSUPP


def test_what_every_abi_handles_grows_by_its_own_rights() -> None:
    handled = [landlock._handled(version) for version in range(11)]
    assert handled[:2] == [Right(0), Right(0x1FFF)]
    assert handled[2] ^ handled[1] == Right.REFER
    assert handled[3] ^ handled[2] == Right.TRUNCATE
    assert handled[4] == handled[3]
    assert handled[5] ^ handled[4] == Right.IOCTL_DEV
    assert handled[8] == handled[5]
    assert handled[9] ^ handled[8] == Right.RESOLVE_UNIX
    assert handled[10] == handled[9]


def test_rights_have_the_values_of_the_header() -> None:
    path = Path("/usr/include/linux/landlock.h")
    if not path.exists():
        pytest.skip("needs the C header linux/landlock.h")
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"#define LANDLOCK_ACCESS_FS_(\w+)\s+\(1ULL << (\d+)\)", text)
    assert found
    assert {name: 1 << int(shift) for name, shift in found} == {name: Right[name].value for name, _ in found}
