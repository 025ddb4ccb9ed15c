"""The two transactions of a route: what is committed, what is thrown away, and how long a writer waits."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import ledger, queries, showing
from contest.ledger import SYSTEM
from contest.models import Base, Contest, Organization
from settings import Settings
from tests.builders import NOW, add_contest, make_app, make_contest
from tests.tablets import actions, running, sheets, sit, submit_all
from web.db import DatabaseBusy, open_engine, reading, writing


def names(db: Session) -> list[str]:
    return sorted(db.scalars(select(Organization.name)))


def test_writing_commits_when_its_block_ends(app):
    with app.app_context():
        with writing() as db:
            db.add(Organization(name="星河市科协"))
        with reading() as db:
            assert names(db) == ["星河市科协"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_writing_rolls_everything_back_when_its_block_raises(app, error):
    with app.app_context():
        with pytest.raises(error), writing() as db:
            db.add(Organization(name="x"))
            db.flush()
            raise error
        with reading() as db:
            assert names(db) == []


def test_what_fails_at_the_end_of_writing_is_rolled_back_too(app, final):
    with app.app_context():
        with pytest.raises(Exception, match="UNIQUE"), writing() as db:
            db.add_all([Organization(name="y"), Organization(name="y")])
        with reading() as db:
            assert "y" not in names(db)


def test_reading_never_writes(app):
    with app.app_context():
        with reading() as db:
            db.add(Organization(name="x"))
            db.flush()
        with reading() as db:
            assert names(db) == []


def test_what_was_written_stays_usable_after_the_commit(app, final):
    with app.app_context():
        with writing() as db:
            contest = queries.contest_by_slug(db, final)
        assert contest.slug == final


@pytest.fixture
def locked(tmp_path):
    """An app whose database another process is writing to, and which waits for it no longer than 20 ms."""
    app = make_app(tmp_path, busy_seconds=0.02)
    make_contest(app)
    other = sqlite3.connect(tmp_path / "lectern.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield app, other
    other.close()
    app.extensions["lectern_engine"].dispose()


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_busy(locked):
    app, other = locked
    with app.app_context():
        with pytest.raises(DatabaseBusy), writing():
            pass
        other.execute("ROLLBACK")
        with writing() as db:
            db.add(Organization(name="later"))


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_busy_database_is_answered_503_and_reading_goes_on(locked, accept):
    app, _other = locked
    client = app.test_client()
    body = {"v": 1, "lease": "x", "messages": []}
    answer = client.post("/judge/seats/x/messages", json=body, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["error"]["code"] == "busy"
    assert client.get("/contests/xinghe/board").status_code == 200


def test_sqlite_is_opened_durably(tmp_path):
    engine = open_engine(Settings(instance=tmp_path))
    with engine.connect() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "foreign_keys", "synchronous", "busy_timeout",
        )]  # fmt: skip
    engine.dispose()
    assert pragmas == ["wal", 1, 2, 0]


def test_a_restart_keeps_every_answer(tmp_path):
    before = open_engine(Settings(instance=tmp_path))
    Base.metadata.create_all(before)
    with Session(before, expire_on_commit=False) as db:
        contest = add_contest(db)
        tablet = sit(db, contest, 1)
        message = tablet.message(running(db, contest)[0], "submit")
        answer = tablet.raw(message)
        db.commit()
    before.dispose()
    after = open_engine(Settings(instance=tmp_path))
    with Session(after) as db:
        tablet.db = db
        assert tablet.raw(message, now=NOW) == answer
        contest = queries.contest_by_slug(db, "xinghe")
        assert sheets(db, running(db, contest)[0])["J1"][:2] == ("submitted", 1)
        assert ledger.verify(db, contest) is None
    after.dispose()


@pytest.fixture
def two_sessions(database_url, tmp_path):
    """An engine with a final in which every sheet of the first appearance is in."""
    engine = open_engine(Settings(instance=tmp_path, database_url=database_url))
    Base.metadata.create_all(engine)
    with Session(engine) as db, db.begin():
        contest = add_contest(db)
        submit_all(db, contest, running(db, contest)[0])
    yield engine
    engine.dispose()


def test_two_who_release_at_the_same_time_release_once(two_sessions):
    """Both have read the appearance as held; the second must read it again once the first has let go of the lock."""
    engine = two_sessions
    loaded, seen = threading.Event(), []

    def second() -> None:
        with writing(engine) as db:
            contest = queries.contest_by_slug(db, "xinghe")
            appearance = running(db, contest)[0]
            seen.append(appearance.visibility.value)
            loaded.set()
            showing.release(db, contest, appearance=appearance, by=SYSTEM, now=NOW)

    other = threading.Thread(target=second)
    if engine.dialect.name == "sqlite":
        # There the second cannot even begin before the first has ended.
        loaded.set()
    with writing(engine) as db:
        contest = queries.contest_by_slug(db, "xinghe")
        appearance = running(db, contest)[0]
        other.start()
        assert loaded.wait(10)
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=NOW)
    other.join(10)
    assert seen == (["released"] if engine.dialect.name == "sqlite" else ["held"])
    with Session(engine) as db:
        assert actions(db, db.scalars(select(Contest)).one()).count("released") == 1
