"""A real PostgreSQL server on this machine, for as long as some tests run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam

_FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt")
_USERS = ("postgres", "nobody")
"""As whom the server runs where root runs the tests, since it refuses root."""


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs; Debian does not put them where commands are looked for."""
    found = (str(path) for folder in _FOLDERS for path in sorted(Path(folder).glob(f"*/bin/{name}"), reverse=True))
    return next(found, shutil.which(name))


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a fresh server, which listens on a socket in a folder of its own and nowhere else."""
    initdb, control = program("initdb"), program("pg_ctl")
    assert initdb is not None
    assert control is not None
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        user = _other_user()
        if user:
            shutil.chown(folder, user)
        data, log = f"{folder}/data", f"{folder}/log"
        _run(user, [initdb, "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"])
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        _run(user, [control, "-D", data, "-l", log, "-o", options, "-w", "start"])
        try:
            yield f"postgresql://grader@/postgres?host={folder}"
        finally:
            _run(user, [control, "-D", data, "-m", "immediate", "-w", "stop"])


def _other_user() -> str:
    if os.geteuid() != 0:
        return ""
    for name in _USERS:
        try:
            getpwnam(name)
        except KeyError:
            continue
        return name
    raise AssertionError("there is no user for the server")


def _run(user: str, command: Sequence[str]) -> None:
    as_user = ["setpriv", "--reuid", user, "--regid", str(getpwnam(user).pw_gid), "--clear-groups"] if user else []
    subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=120)
