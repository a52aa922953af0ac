"""A database opened, and brought to the newest version of its tables."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from grader.errors import InfrastructureError, InputError

HEAD = "0001"
"""The version that this grader writes; the newest file in `migrations/versions`."""
SECONDS_TO_WAIT = 60
"""For another grader that is writing to the same file; it holds the file for one result at a time."""
_MIGRATIONS = Path(__file__).parent / "migrations"
_FORMS = "sqlite:///FILE or postgresql://USER@HOST/DATABASE"


@contextmanager
def opened(url: str | sa.URL) -> Iterator[sa.Engine]:
    """An engine on a database with all tables.

    Args:
        url: SQLAlchemy's, such as `sqlite:////home/ta/out/record.sqlite` or `postgresql://ta@localhost/course`.

    Raises:
        InputError: the URL is none, or the database was made by a newer grader, or is something else.
        InfrastructureError: it cannot be reached, read or written.
    """
    engine = _engine(url)
    shown = engine.url.render_as_string(hide_password=True)
    try:
        _close_to_others(engine.url)
        with told(engine):
            _bring_up_to_date(engine, shown)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def told(engine: sa.Engine) -> Iterator[None]:
    """Has what a database refuses told in words, as an InfrastructureError."""
    try:
        yield
    except SQLAlchemyError as error:
        shown = engine.url.render_as_string(hide_password=True)
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise InfrastructureError(
            f"the record {shown} cannot be used ({cause}); check that it is there, may be written and has room, or name another with --store"
        ) from error


def sqlite_file(url: str) -> Path | None:
    """The file that a URL names; None if it is of another database."""
    try:
        parsed = sa.make_url(url)
    except ArgumentError:
        return None  # which opening it tells
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database or "") if is_file else None


def _engine(url: str | sa.URL) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            return sa.create_engine(parsed, pool_pre_ping=True)
        if parsed.get_backend_name() != "sqlite":
            raise InputError(f"--store {parsed.get_backend_name()}: is not supported; give {_FORMS}")
        engine = sa.create_engine(parsed, connect_args={"timeout": SECONDS_TO_WAIT})
    except (ArgumentError, NoSuchModuleError) as error:
        # Without the URL's own text, in which there may be a password.
        raise InputError(f"--store is no URL of a database; give {_FORMS}") from error
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _close_to_others(url: sa.URL) -> None:
    """Makes a new file that only its owner may read, since SQLite would make one for everybody."""
    if url.get_backend_name() == "sqlite" and url.database:
        with suppress(OSError):  # it is there already, or cannot be made, which opening it tells
            os.close(os.open(url.database, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Each result is on the disk when its transaction has ended, whatever ends the grader or the machine afterwards."""
    connection.isolation_level = None  # transactions begin where SQLAlchemy says so, see SQLAlchemy's pages on SQLite
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: sa.Connection) -> None:
    # Who reads first and then writes would not wait for another writer but fail.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: sa.Engine, shown: str) -> None:
    """Makes or alters the tables. Alembic is loaded only where there is something to do, since it takes its time."""
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        found = None
        if "alembic_version" in tables:
            found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if found == HEAD:
        return
    if found is None and tables & {"runs", "grades", "submissions"}:
        raise InputError(f"{shown} has tables that are not the grader's; name an empty database with --store")
    if found is not None and not list((_MIGRATIONS / "versions").glob(f"v{found}_*.py")):
        raise InputError(f"the record {shown} was written by a newer grader (version {found}); install that one")
    _migrate(engine)


def _migrate(engine: sa.Engine) -> None:
    from alembic import command  # noqa: PLC0415 - takes a fifth of a second and is hardly ever needed
    from alembic.config import Config  # noqa: PLC0415 - as above

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two graders that begin with an empty database at once make its tables one after the other.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(20261127)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
