"""Presses and messages that arrive at the same moment have the effect of one after the other."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from commands.replaying.desk import Desk
from commands.replaying.plan import Turn
from contest import ledger, queries
from contest.models import Action, Adjustment, LedgerRow, Message, Sheet
from tests.halls import Hall, open_hall
from web.db import reading

T = TypeVar("T")
TIMES = 4


@pytest.fixture
def hall(installation: dict[str, str], serve: Callable[..., object], tmp_path: Path) -> Iterator[Hall]:
    """A server of either size with a final of three contestants and three judges."""
    with open_hall(serve, tmp_path / "instance", **installation) as hall:  # type: ignore[arg-type]
        hall.open()
        yield hall


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these at the same moment."""
    together = threading.Barrier(len(acts))

    def act(one: Callable[[], T]) -> T:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def rows(hall: Hall, action: Action) -> int:
    """How many ledger rows of this action there are; the chain must verify."""
    with reading(hall.engine) as db:
        contest = queries.contest_by_slug(db, hall.slug)
        assert ledger.verify(db, contest) is None
        return db.scalar(select(func.count()).select_from(LedgerRow).where(LedgerRow.action == action)) or 0


def test_one_message_sent_several_times_at_once_counts_once_and_each_gets_the_same_bytes(hall: Hall):
    tablet = hall.tablets()[0]
    for entry in ("01", "02", "03"):
        body = tablet.body(entry, "submit")
        answers = at_once([lambda body=body: tablet.post(body).content for _ in range(TIMES)])
        assert [json.loads(answer)["answers"][0]["result"] for answer in answers] == ["submitted"] * TIMES
        assert len(set(answers)) == 1
    assert rows(hall, Action.SHEET_SUBMITTED) == 3
    with reading(hall.engine) as db:
        assert db.scalar(select(func.count()).select_from(Message)) == 3


def test_of_two_tablets_that_fill_one_sheet_at_once_one_is_applied_and_the_other_kept_as_a_stray(hall: Hall):
    first, second = hall.tablets()[0], hall.tablets()[0]
    for entry in ("01", "02", "03"):
        bodies = [(tablet, tablet.body(entry, base=0)) for tablet in (first, second)]
        answers = at_once([lambda tablet=tablet, body=body: tablet.post(body).json() for tablet, body in bodies])
        assert Counter(answer["answers"][0]["result"] for answer in answers) == {"saved": 1, "stray": 1}
    with reading(hall.engine) as db:
        assert [(sheet.version, len(sheet.marks)) for sheet in db.scalars(select(Sheet))] == [(1, 4)] * 3


def test_a_release_pressed_by_several_hands_at_once_happens_once(hall: Hall):
    seats = hall.tablets()
    with hall.desk() as desk:
        for entry, appearance in zip(("01", "02", "03"), hall.appearances(), strict=True):
            for tablet in seats:
                assert tablet.post(tablet.body(entry, "submit")).json()["answers"][0]["result"] == "submitted"
            turn = Turn("final", entry, appearance, (), (), complete=True)
            hands = [copy_of(desk, hall) for _ in range(TIMES)]
            at_once([lambda hand=hand, turn=turn: hand.release(turn, twice=False) for hand in hands])
    assert rows(hall, Action.RELEASED) == 3


def test_one_press_of_an_adjustment_that_arrives_several_times_at_once_is_added_once(hall: Hall):
    appearance = hall.appearances()[0]
    with hall.desk() as desk:
        hands = [copy_of(desk, hall) for _ in range(TIMES)]
        press = "5e0f1a8e-7c52-4a33-9d0c-6a1f8a4f2f11"
        form = {"appearance": appearance, "kind": "quiz", "value": "-1", "reason": "答错一题", "press": press}
        at_once([lambda hand=hand: hand.press("adjustments", **form) for hand in hands])
    with reading(hall.engine) as db:
        assert [(each.kind, str(each.value)) for each in db.scalars(select(Adjustment))] == [("quiz", "-1")]
    assert rows(hall, Action.ADJUSTED) == 1


def copy_of(desk: Desk, hall: Hall) -> Desk:
    """The same signed-in person in another window."""
    other = Desk(hall.server.url, desk.slug)
    other.http.cookies.update(desk.http.cookies)
    other.token = desk.token
    hall.clients.append(other.http)
    return other
