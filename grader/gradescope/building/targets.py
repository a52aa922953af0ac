"""What an image may be: a version of Python on a kind of processor, and which wheels are installed there."""

from typing import NamedTuple

from packaging.tags import Tag, compatible_tags, cpython_tags

PYTHONS = ((3, 14), (3, 13), (3, 12), (3, 11))
"""Those that the pinned packages have wheels for."""
USUAL = (3, 12)
"""That of Ubuntu 24.04, named where there is nothing yet."""
_MACHINES = ("x86_64", "aarch64")
_NEWEST_GLIBC = 35
"""2.35, that of Ubuntu 22.04: the oldest of Gradescope's images that are in use."""


class Target(NamedTuple):
    """One kind of image."""

    python: tuple[int, int]
    """Of CPython."""
    machine: str

    @property
    def version(self) -> str:
        """Of Python, as it is written: "3.12"."""
        return ".".join(map(str, self.python))

    def __str__(self) -> str:
        """In words."""
        return f"Python {self.version} on {self.machine}"

    def tags(self) -> frozenset[Tag]:
        """What a wheel may be tagged with to be installed there."""
        own = [f"manylinux_2_{minor}_{self.machine}" for minor in range(5, _NEWEST_GLIBC + 1)]
        own += [f"{old}_{self.machine}" for old in ("manylinux1", "manylinux2010", "manylinux2014", "linux")]
        return frozenset((*cpython_tags(self.python, platforms=own), *compatible_tags(self.python, platforms=own)))

    def markers(self, extra: str = "") -> dict[str, str]:
        """What conditions of requirements speak of, nothing of which is taken from the machine that this runs on.

        Args:
            extra: of the package whose requirement it is.
        """
        full = f"{self.version}.0"
        return {
            "extra": extra, "implementation_name": "cpython", "implementation_version": full, "os_name": "posix",
            "platform_machine": self.machine, "platform_python_implementation": "CPython", "platform_release": "",
            "platform_system": "Linux", "platform_version": "", "python_full_version": full, "python_version": self.version,
            "sys_platform": "linux",
        }  # fmt: skip


TARGETS = tuple(Target(python, machine) for python in PYTHONS for machine in _MACHINES)
