"""Fixtures of the tests of the model: a lecture final, and a session that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from contest import queries
from contest.models import Base, Contest
from settings import Settings
from tests.builders import add_contest
from web.db import open_engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An SQLite database as the app opens it, which holds one lecture final and is never changed."""
    made = open_engine(Settings(instance=tmp_path_factory.mktemp("contest")))
    Base.metadata.create_all(made)
    with Session(made) as db, db.begin():
        add_contest(db)
    yield made
    made.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session in one transaction, which is rolled back when the test ends."""
    with Session(engine, expire_on_commit=False) as db:
        yield db


@pytest.fixture
def contest(db: Session) -> Contest:
    """A lecture final of three entries and three judges, its round judging."""
    return queries.contest_by_slug(db, "xinghe")
