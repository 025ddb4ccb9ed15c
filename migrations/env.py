"""Alembic's entry: runs the migrations on the database of the settings it is given (or of the environment)."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

import contest.models  # noqa: F401  every table joins the metadata
from contest.models.base import Base, Exact, UtcDateTime
from settings import Settings
from web.db import open_engine


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types into migrations as the plain types they are stored as, so that old ones stay readable."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Exact):
        return "sa.String(40)"
    return False


def run(connection: Connection) -> None:
    """Run what is missing in one transaction. SQLite cannot alter tables, so there each is rebuilt as a batch."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True,
        render_item=plain_type, transaction_per_migration=False,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            astray = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if astray:
                raise RuntimeError(f"rows refer to what is not there: {astray[:5]}")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(context.config.attributes.get("settings") or Settings.from_environment())
    with engine.connect().execution_options(lectern_writes=True) as connection:
        if connection.dialect.name == "sqlite":
            # A table that is rebuilt is dropped first, which would delete every row that refers to it.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        run(connection)
    engine.dispose()
