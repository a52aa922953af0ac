import pytest

from grader.kernels.causes import cause
from grader.kernels.limits import Limits


@pytest.mark.parametrize(
    ("name", "message", "words"),
    [
        ("MemoryError", "", "the limit memory_bytes is 2,147,483,648"),
        ("_ArrayMemoryError", "Unable to allocate 8 GiB", "the limit memory_bytes is 2,147,483,648"),
        ("RuntimeError", "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried", "the limit memory_bytes is 2,147,483,648"),
        ("OSError", "[Errno 28] No space left on device", "the limit disk_bytes is 268,435,456"),
        ("OSError", "[Errno 27] File too large", "the limit disk_bytes is 268,435,456"),
        ("RuntimeError", "can't start new thread", "the limit processes is 128"),
        ("BlockingIOError", "[Errno 11] Resource temporarily unavailable", "the limit processes is 128"),
        ("OSError", "[Errno 24] Too many open files: 'x'", "the limit open_files is 256"),
        ("URLError", "<urlopen error [Errno -3] Temporary failure in name resolution>", "there is no network where notebooks are graded"),
        ("ValueError", "no space", ""),
    ],
)  # fmt: skip
def test_an_error_tells_the_limit_that_is_behind_it(name: str, message: str, words: str) -> None:
    assert cause(name, message, Limits()) == words
