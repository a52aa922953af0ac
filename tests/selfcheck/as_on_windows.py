"""Runs the grader as on Windows, and with nothing of what only grading needs, as far as its own code sees.

Libraries see the system as it is: that they work on Windows is theirs to prove. Usage: as_on_windows.py ARGUMENT...
"""

import asyncio
import builtins
import sys
from types import ModuleType
from typing import Any

POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
GRADING = {
    "alembic", "jinja2", "matplotlib", "pandas", "psycopg", "scipy", "sklearn", "sqlalchemy", "sympy", "tomli_w", "yaml",
}  # fmt: skip
MISSING = {
    "os": (
        "O_CLOEXEC", "WIFEXITED", "WNOHANG", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups", "getpgid",
        "getuid", "getxattr", "kill", "killpg", "memfd_create", "mkfifo", "pidfd_open", "pipe2", "posix_spawn",
        "sched_getaffinity", "setgid", "setpgid", "setsid", "setuid", "statvfs", "sysconf", "uname", "wait4", "chown",
    ),
    "signal": (
        "SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP", "SIGUSR1",
        "SIGUSR2", "SIGWINCH", "SIGXCPU", "pthread_sigmask", "setitimer", "sigwait",
    ),
    "asyncio": ("open_unix_connection", "start_unix_server"),
    "socket": ("AF_UNIX", "SCM_RIGHTS", "socketpair", "recv_fds", "send_fds"),
}  # fmt: skip
"""What these modules have not on Windows, and code for POSIX uses."""


class OnWindows(ModuleType):
    """A module as it is there."""

    def __init__(self, module: ModuleType, **other: object) -> None:
        super().__init__(module.__name__)
        self.module, self.other = module, other

    def __getattr__(self, name: str) -> Any:
        if name in MISSING.get(self.__name__, ()):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} on this system")
        return self.other[name] if name in self.other else getattr(self.module, name)


class Loop(asyncio.SelectorEventLoop):
    """As the event loop of Windows, which cannot watch a descriptor."""

    def add_reader(self, fd: Any, callback: Any, *args: Any) -> None:  # type: ignore[override]
        raise NotImplementedError

    def add_writer(self, fd: Any, callback: Any, *args: Any) -> None:  # type: ignore[override]
        raise NotImplementedError


class Policy(asyncio.DefaultEventLoopPolicy):
    """Makes such loops."""

    def new_event_loop(self) -> Loop:
        return Loop()


def pretend() -> None:
    """Has all code of the grader that is imported from now on see Windows."""
    usual = builtins.__import__
    names = {"sys": {"platform": "win32"}, "os": {"name": "nt"}, "signal": {}, "asyncio": {}, "socket": {}}
    seen = {name: OnWindows(usual(name), **other) for name, other in names.items()}

    def imported(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> ModuleType:  # noqa: A002 - as Python calls them
        importer, top = str((globals or {}).get("__name__")), name.partition(".")[0]
        if importer.partition(".")[0] == "grader" and not level:
            if top in POSIX | GRADING:
                raise ModuleNotFoundError(f"{importer} imports {name}, which is not here", name=name)
            if name in seen:
                return seen[name]
        return usual(name, globals, locals, fromlist, level)

    builtins.__import__ = imported


if __name__ == "__main__":
    pretend()
    asyncio.set_event_loop_policy(Policy())
    sys.argv = ["grader", *sys.argv[1:]]
    from grader.cli import main

    main()
