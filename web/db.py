"""The two transactions of a route: `with reading() as db:` and `with writing() as db:`; nothing else opens a session.

A command that works on another database than the app's names its engine: `with reading(engine) as db:`.

On SQLite `writing()` begins with BEGIN IMMEDIATE and a busy timeout of 0, and waits for the write lock with short
sleeps of its own: a wait inside SQLite would freeze every greenlet of the worker, a plain BEGIN that reads first and
then upgrades would fail (docs/decisions/0002-sqlite-writers.md).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session

from settings import Settings

RETRY_SECONDS = 0.003


class DatabaseBusy(Exception):
    """Another process held the database's write lock for longer than `busy_seconds`."""


def open_engine(settings: Settings) -> Engine:
    """The engine of this process: SQLite in WAL with foreign keys and full durability, or PostgreSQL."""
    if not settings.is_sqlite:
        return create_engine(settings.sqlalchemy_url, pool_size=20, max_overflow=20, pool_pre_ping=True)
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        settings.sqlalchemy_url, pool_size=30, max_overflow=70, connect_args={"timeout": 0, "check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _Beginner(settings.busy_seconds))
    return engine


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its engine, opened once per process."""
    app.extensions["lectern_engine"] = open_engine(settings)


def engine() -> Engine:
    """The current app's engine."""
    found: Engine = current_app.extensions["lectern_engine"]
    return found


@contextmanager
def reading(on: Engine | None = None) -> Iterator[Session]:
    """A session whose changes, should there be any, are thrown away."""
    with Session(on or engine()) as db:
        yield db


@contextmanager
def writing(on: Engine | None = None) -> Iterator[Session]:
    """The visible transaction: commits when the block ends, rolls back when it raises."""
    connection = (on or engine()).connect().execution_options(lectern_writes=True)
    with connection, connection.begin(), Session(connection, expire_on_commit=False) as db:
        yield db
        db.flush()


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    raw: Any = connection
    # SQLAlchemy's begin event starts the transactions; the driver must not start any by itself.
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Beginner:
    """Begins SQLite transactions: deferred to read, immediate to write, retrying without blocking the process."""

    def __init__(self, busy_seconds: float) -> None:
        self.busy_seconds = busy_seconds

    def __call__(self, connection: Connection) -> None:
        raw: Any = connection.connection.driver_connection
        if not connection.get_execution_options().get("lectern_writes"):
            raw.execute("BEGIN")
            return
        deadline = time.monotonic() + self.busy_seconds
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    raise DatabaseBusy from error
            time.sleep(RETRY_SECONDS)
