"""Two decisions about writers, kept honest: BEGIN IMMEDIATE, and waiting for it without stopping the worker."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from contest import ledger, queries
from contest.judging import record_messages
from contest.models import Action, Base, Lease, LedgerRow, Mark, Message, MessageResult, Sheet, SheetState
from settings import Settings
from tests import builders, tablets
from tests.halls import Hall, open_hall
from web.db import open_engine, reading, writing

JUDGES = 8


@pytest.fixture
def hall(installation: dict[str, str], serve: Callable[..., object], tmp_path: Path) -> Iterator[Hall]:
    """A server of either size."""
    with open_hall(serve, tmp_path / "instance", **installation) as hall:  # type: ignore[arg-type]
        yield hall


@contextmanager
def writer_holding(hall: Hall) -> Iterator[None]:
    """Another process (this one) that began to write and takes its time."""
    if hall.engine.dialect.name == "sqlite":
        holder = sqlite3.connect(str(hall.engine.url.database), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
        holder.close()
        return
    with psycopg.connect(hall.settings["CONTEST_DATABASE_URL"]) as connection:
        connection.execute("SELECT * FROM ledger_head FOR UPDATE")
        yield


def answers_within(hall: Hall, seconds: float) -> int:
    """How many answers one client gets in this time, from a page without and one with the database."""
    client = hall.client()
    deadline = time.monotonic() + seconds
    addresses = itertools.cycle(["/health", f"/contests/{hall.slug}/board.json"])
    in_time = itertools.takewhile(lambda _: time.monotonic() < deadline, addresses)
    statuses = [client.get(address).status_code for address in in_time]
    assert set(statuses) == {200}
    return len(statuses)


def test_while_another_process_writes_the_worker_answers_as_before_and_the_mark_is_stored_afterwards(hall: Hall):
    hall.open()
    tablet = hall.tablets()[0]
    undisturbed = answers_within(hall, 1)
    with ThreadPoolExecutor(1) as one:
        with writer_holding(hall):
            waiting = one.submit(tablet.post, tablet.body("01"))
            meanwhile = answers_within(hall, 1)
            assert not waiting.done()
        assert waiting.result().json()["answers"][0]["result"] == "saved"
    # A worker that stood still would have given none; the machine's own unrest is far less than this.
    assert meanwhile > undisturbed / 3


def test_forty_judges_at_once_are_all_stored_and_none_twice(hall: Hall):
    hall.open(entries=1, judges=40)
    seats = hall.tablets()
    together = threading.Barrier(len(seats))

    def judge(at: int) -> list[bytes]:
        save, submit = seats[at].body("01"), seats[at].body("01", "submit")
        together.wait()
        return [seats[at].post(body).content for body in (save, submit, submit)]

    with ThreadPoolExecutor(len(seats)) as panel:
        answers = list(panel.map(judge, range(len(seats))))
    assert [submit == again for _, submit, again in answers] == [True] * 40
    with reading(hall.engine) as db:
        contest = queries.contest_by_slug(db, hall.slug)
        submitted = select(func.count()).select_from(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED)
        assert Counter(db.scalars(select(Sheet.state))) == {SheetState.SUBMITTED: 40}
        assert len(set(db.scalars(select(Sheet.sitting_id)))) == 40
        assert Counter(db.scalars(select(Message.result))) == {MessageResult.SAVED: 40, MessageResult.SUBMITTED: 40}
        assert Counter((mark.criterion, str(mark.value)) for mark in db.scalars(select(Mark))) == dict.fromkeys(
            tablets.MARKS.items(), 40
        )
        assert (db.scalar(submitted), ledger.verify(db, contest)) == (40, None)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """SQLite as the app opens it, with a final of eight judges who have all sat down."""
    made = open_engine(Settings(instance=tmp_path))
    Base.metadata.create_all(made)
    with writing(made) as db:
        contest = builders.add_contest(db, judges=JUDGES)
        for seat in range(1, JUDGES + 1):
            tablets.sit(db, contest, seat)
    yield made
    made.dispose()


def all_at_once(
    engine: Engine, transaction: Callable[[], AbstractContextManager[Session]], *, read_first: bool
) -> Counter[str]:
    """Every judge saves a sheet in a transaction of this kind at the same moment; what became of them.

    With `read_first` each transaction has read before any of them writes, as a verb does that looks before it changes.
    """
    together = threading.Barrier(JUDGES)

    def save(lease_id: int) -> str:
        if not read_first:
            together.wait()
        try:
            with transaction() as db:
                lease = db.get_one(Lease, lease_id)
                if read_first:
                    together.wait()
                appearance = tablets.running(db, lease.sitting.seat.panel.contest)[0]
                tablet = tablets.Tablet(db, lease.sitting, lease.public_id, "")
                answers = record_messages(db, lease=lease, messages=[tablet.message(appearance)], now=builders.NOW)
                return str(json.loads(answers[0])["result"])
        except OperationalError as error:
            return str(error.orig)

    with reading(engine) as db:
        leases = list(db.scalars(select(Lease.id)))
    with ThreadPoolExecutor(JUDGES) as panel:
        return Counter(panel.map(save, leases))


def test_with_a_plain_begin_all_but_one_of_the_marks_given_at_once_fail(engine: Engine):
    @contextmanager
    def plain() -> Iterator[Session]:
        with Session(engine) as db, db.begin():
            yield db

    assert all_at_once(engine, plain, read_first=True) == {"saved": 1, "database is locked": JUDGES - 1}


def test_with_our_writing_none_of_the_marks_given_at_once_fails(engine: Engine):
    assert all_at_once(engine, lambda: writing(engine), read_first=False) == {"saved": JUDGES}
    with reading(engine) as db:
        assert db.scalar(select(func.count(Sheet.sitting_id.distinct()))) == JUDGES
