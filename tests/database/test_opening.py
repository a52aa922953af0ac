import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError

from grader.database.opening import HEAD, opened
from grader.database.tables import metadata
from grader.errors import InfrastructureError, InputError
from grader.store import FILE, open_store


def test_migrations_make_the_tables_that_the_grader_uses(url: str) -> None:
    with opened(url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_version_that_the_grader_writes() -> None:
    versions = Path(__file__).parents[2] / "grader/database/migrations/versions"
    assert max(file.stem.partition("_")[0] for file in versions.glob("v*.py")) == f"v{HEAD}"


def test_a_database_is_opened_again_as_it_is(url: str, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with caplog.at_level(logging.INFO), opened(url) as engine, engine.connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM grades")).scalar() == 0
    assert caplog.records == []  # nobody is told about migrations


@pytest.mark.parametrize("statement", ["UPDATE runs SET command = 'x'", "DELETE FROM runs"])
def test_the_database_itself_refuses_to_change_what_is_recorded(url: str, tmp_path: Path, statement: str) -> None:
    with open_store(tmp_path, url) as store:
        store.begin("grade", "hw1", "", "kim")
    with opened(url) as engine, engine.begin() as connection:
        with pytest.raises(SQLAlchemyError, match="rows of runs are added, and neither changed nor removed"):
            connection.execute(sa.text(statement))
        connection.rollback()


def test_a_record_of_a_newer_grader_is_refused(url: str) -> None:
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match=r"written by a newer grader \(version 9999\)"), opened(url):
        pass


def test_tables_of_somebody_else_are_left_alone(url: str) -> None:
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    with pytest.raises(InputError, match="tables that are not the grader's"), opened(url):
        pass


def test_by_default_the_record_is_a_file_of_the_class(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.homeworks() == []
    assert (tmp_path / FILE).is_file()


@pytest.mark.parametrize("url", ["", "record.sqlite", "mysql://x@y/z", "nothing://x", "postgresql:x:secret"])
def test_what_is_no_url_of_a_database_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(InputError, match="--store") as caught, opened(url):
        pass
    assert "secret" not in str(caught.value)


def test_a_database_that_cannot_be_reached_is_told_without_its_password() -> None:
    url = "postgresql://grader:secret@127.0.0.1:1/x?connect_timeout=5"
    with pytest.raises(InfrastructureError, match=r"cannot be used .*; check that") as caught, opened(url):
        pass
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database, but long enough to be looked at as one" * 100, encoding="utf-8")
    with pytest.raises(InfrastructureError, match="not a database"), open_store(tmp_path):
        pass
