"""The migrations and the models describe the same tables, on SQLite and on PostgreSQL, up and down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from contest.models import Base
from settings import Settings
from web.db import open_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


@pytest.fixture
def connection(database_url) -> Iterator[Connection]:
    """A connection to an empty database."""
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def alembic(connection: Connection) -> Config:
    """Alembic's configuration for this connection, which migrations/env.py takes instead of opening its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def test_the_migrations_make_exactly_the_tables_of_the_models(connection):
    command.upgrade(alembic(connection), "head")
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []


def test_the_constraints_of_the_migrations_are_those_of_the_models(connection, tmp_path):
    command.upgrade(alembic(connection), "head")
    migrated = checks(connection)
    connection.rollback()
    for table in reversed(inspect(connection).get_table_names()):
        connection.exec_driver_sql(f'DROP TABLE "{table}"' + ("" if sqlite(connection) else " CASCADE"))
    connection.commit()
    Base.metadata.create_all(connection)
    assert migrated == checks(connection)


def sqlite(connection: Connection) -> bool:
    """Whether the connection is SQLite's."""
    return connection.dialect.name == "sqlite"


def checks(connection: Connection) -> dict[str, dict[str | None, str]]:
    """Every CHECK constraint of every table of ours: alembic does not compare them by itself."""
    found = inspect(connection)
    return {table: {check["name"]: " ".join(check["sqltext"].split()) for check in found.get_check_constraints(table)}
            for table in found.get_table_names() if table in Base.metadata.tables}


def test_migrating_down_leaves_an_empty_schema_and_up_again_works(connection):
    config = alembic(connection)
    command.upgrade(config, "head")
    connection.commit()  # Alembic leaves a transaction that it finds open to its owner: this test is the owner.
    command.downgrade(config, "base")
    connection.commit()
    left = inspect(connection)
    assert [name for name in left.get_table_names() if name != "alembic_version"] == []
    connection.commit()
    command.upgrade(config, "head")
    assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


FILL = (
    "INSERT INTO organization (id, public_id, name, level) VALUES (1, 'o', '协会', 'society')",
    "INSERT INTO contest (id, public_id, slug, title, organization_id, time_zone, rehearsal, epoch, created_at)"
    " VALUES (1, 'c', 'old', '旧赛事', 1, 'Asia/Shanghai', false, 'e', '2026-05-16 06:30:00')",
    "INSERT INTO round (id, public_id, contest_id, code, position, state) VALUES (1, 'r', 1, 'final', 1, 'judging')",
    "INSERT INTO panel (id, public_id, contest_id, code) VALUES (1, 'p', 1, 'A')",
    "INSERT INTO entry (id, public_id, contest_id, code, position) VALUES (1, 'n', 1, '01', 1)",
    "INSERT INTO appearance (id, public_id, round_id, entry_id, panel_id, position, number, status, visibility, note)"
    " VALUES (1, 'a', 1, 1, 1, 1, '01', 'done', 'held', '')",
    "INSERT INTO adjustment (id, public_id, appearance_id, attempt, kind, value, reason, created_at)"
    " VALUES (1, 'd', 1, 1, 'quiz', '-1', '答错', '2026-05-16 06:30:00')",
)


def test_what_an_older_version_stored_is_kept_on_the_way_up_and_down(database_url, tmp_path):
    """SQLite rebuilds the tables it alters; a rebuilt table must not take the rows that refer to it with it."""
    settings = Settings(instance=tmp_path, database_url=database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["settings"] = settings
    command.upgrade(config, "0004")
    engine = open_engine(settings)

    def counts() -> list[int]:
        with engine.connect() as connection:
            names = ("contest", "round", "appearance", "adjustment")
            return [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in names]  # noqa: S608

    with engine.connect().execution_options(lectern_writes=True) as connection, connection.begin():
        for statement in FILL:
            connection.exec_driver_sql(statement)
    command.upgrade(config, "head")
    assert counts() == [1, 1, 1, 1]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT published_at IS NOT NULL FROM contest").scalar()
    command.downgrade(config, "0004")
    assert counts() == [1, 1, 1, 1]
    engine.dispose()


def test_the_migrations_have_one_head():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
