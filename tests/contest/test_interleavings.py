"""Two tablets on one seat, in any order, with any resends: what must hold after every message."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import correcting, ledger, queries
from contest.ledger import SYSTEM
from contest.models import Message, Sheet
from tests.builders import NOW
from tests.tablets import MARKS, running, sheets, sit

STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["save", "submit"]), st.integers(0, 1), st.integers(0, 1), st.integers(0, 6)),
        st.tuples(st.sampled_from(["send", "resend"]), st.integers(0, 1), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("return"), st.just(0), st.integers(0, 1), st.just(0)),
    ),
    min_size=3, max_size=20,
)  # fmt: skip


@dataclass
class Device:
    """A tablet with what it has made and not yet sent, and what it has sent."""

    tablet: Any
    outbox: list[dict[str, Any]] = field(default_factory=list)
    sent: list[tuple[dict[str, Any], str]] = field(default_factory=list)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_interleaving_of_two_tablets_loses_doubles_and_changes_nothing_silently(engine, steps):
    with Session(engine) as db:
        contest = queries.contest_by_slug(db, "xinghe")
        appearances = running(db, contest)[:2]
        devices = [Device(sit(db, contest, 1)) for _ in range(2)]
        applied: dict[str, list[dict[str, str]]] = {each.public_id: [] for each in appearances}
        for number, (step, device, at, base) in enumerate(steps, start=1):
            one = devices[device]
            if step in ("save", "submit"):
                marks = MARKS | {"content": str(number)}
                one.outbox.append(one.tablet.message(appearances[at], step, marks=marks, base=base))
            elif step == "send" and one.outbox:
                message = one.outbox.pop(at % len(one.outbox))
                deliver(db, appearances, one, message, applied)
            elif step == "resend" and one.sent:
                message, answer = one.sent[at % len(one.sent)]
                before = stored(db, appearances)
                assert devices[number % 2].tablet.raw(message) == [answer]
                assert stored(db, appearances) == before
            elif step == "return":
                give_back(db, contest, appearances[at], devices[0], applied)
        assert db.scalar(select(func.count()).select_from(Message)) == sum(len(each.sent) for each in devices)
        assert ledger.verify(db, contest) is None


def stored(db, appearances):
    """Each appearance's sheets, of which a sitting has at most one."""
    found = [sheets(db, each) for each in appearances]
    assert all(list(each) in ([], ["J1"]) for each in found)
    assert db.scalar(select(func.count()).select_from(Sheet)) == sum(len(each) for each in found)
    return found


def deliver(db, appearances, one, message, applied):
    """Send a message and check that it did what its answer says, and nothing else."""
    before = stored(db, appearances)
    raw = one.tablet.raw(message)[0]
    answer = json.loads(raw)
    one.sent.append((message, raw))
    after = stored(db, appearances)
    at = next(i for i, each in enumerate(appearances) if each.entry.code == message["entry"])
    if answer["result"] in ("saved", "submitted"):
        assert before[at].get("J1", ("draft",))[0] not in ("submitted", "locked")
        state, version, marks = after[at]["J1"]
        assert (version, marks) == (answer["version"], message["marks"])
        assert version == before[at].get("J1", ("draft", 0))[1] + 1
        assert (state == "submitted") is (message["kind"] == "submit")
        applied[appearances[at].public_id].append(message["marks"])
        after[at] = before[at]
    else:
        assert answer["result"] in ("superseded", "stray")
    assert after == before
    for appearance, held in zip(appearances, stored(db, appearances), strict=True):
        newest = applied[appearance.public_id][-1:]
        assert [marks for _state, _version, marks in held.values()] == newest


def give_back(db, contest, appearance, one, applied):
    """The chief judge returns a submitted sheet; its marks stay."""
    held = sheets(db, appearance).get("J1")
    if held is None or held[0] != "submitted":
        return
    seat = one.tablet.sitting.seat.public_id
    correcting.return_sheet(db, contest, appearance=appearance, seat=seat, reason="x", by=SYSTEM, now=NOW)
    assert sheets(db, appearance)["J1"] == ("returned", held[1] + 1, applied[appearance.public_id][-1])
