"""The databases that the record is kept in: a file, and a server where there is one."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.databases import postgresql_server, program

BACKENDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(program("initdb") is None, reason="PostgreSQL's initdb is not installed"),
    ),
]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a running server."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.sqlite'}"
    server: str = request.getfixturevalue("server")
    name = f"record_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")
