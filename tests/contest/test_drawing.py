"""A drawn order: committed to first, the same for whoever draws it again, and not to be had twice for nothing."""

from __future__ import annotations

import hashlib
import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contest import absences, drawing, ordering, queries, showing
from contest.errors import ReasonMissing
from contest.ledger import Actor
from contest.models import Entry, LedgerRow, Panel, RoundState
from contest.refusals import DrawNotPrepared, NobodyTakesPart, OrderFixed
from tests.builders import NOW, add_contest, later
from tests.registrations import add_reviewer
from tests.tablets import actions, running

DESK = Actor("account:desk", "web")
SEED = "5f1d2c"


@pytest.fixture
def account(db):
    return add_reviewer(db)


@pytest.fixture
def final(db):
    """A contest of twelve entries whose final is open and not begun."""
    return add_contest(db, slug="twelve", entries=12, state=RoundState.OPEN)


@pytest.fixture
def round_(db, final):
    return queries.round_of(db, final, "final")


def panel(db, contest):
    return db.scalars(select(Panel).where(Panel.contest_id == contest.id)).one()


def prepare(db, contest, round_, account, seed=SEED, reason=""):
    return drawing.prepare(
        db, contest, round_=round_, seed=seed, account=account, reason=reason, by=DESK, now=NOW
    )


def draw(db, contest, round_, account, by_division=False, now=NOW):
    return drawing.draw(
        db, contest, round_=round_, panel=panel(db, contest), by_division=by_division, account=account, by=DESK, now=now
    )


def shown(db, contest):
    return [(each.position, each.number, each.entry.code) for each in running(db, contest)]


@given(seed=st.text(min_size=1, max_size=40), codes=st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=30))
def test_the_order_rests_on_the_seed_and_the_codes_alone(seed, codes):
    order = drawing.sorted_by_lot(seed, codes)
    assert sorted(order) == sorted(codes)
    assert drawing.sorted_by_lot(seed, reversed(order)) == order


def test_the_seed_is_committed_to_before_and_gives_the_order_after(db, final, round_, account):
    before = shown(db, final)
    made = prepare(db, final, round_, account)
    assert (made.commitment, made.is_drawn) == (hashlib.sha256(SEED.encode()).hexdigest(), False)
    assert shown(db, final) == before
    draw(db, final, round_, account, now=later(60))
    codes = [f"{n:02d}" for n in range(1, 13)]
    expected = sorted(codes, key=lambda code: hashlib.sha256((SEED + code).encode()).hexdigest())
    assert shown(db, final) == [(at, f"{at:02d}", code) for at, code in enumerate(expected, start=1)]
    assert (made.is_drawn, made.by_hand, made.account, made.drawn_at) == (True, False, account, later(60))
    assert actions(db, final)[-2:] == ["order_drawn", "order_drawn"]


def test_the_seed_is_in_the_ledger_only_once_it_is_drawn(db, final, round_, account):
    prepare(db, final, round_, account)
    payloads = select(LedgerRow.payload).where(LedgerRow.contest_id == final.id)
    assert [text for text in db.scalars(payloads) if SEED in text] == []
    draw(db, final, round_, account)
    assert len([text for text in db.scalars(payloads) if SEED in text]) == 1


def test_the_printed_line_draws_the_same_order_in_plain_python(db, final, round_, account):
    prepare(db, final, round_, account)
    made = draw(db, final, round_, account)
    line = drawing.recipe(made.seed, drawing.groups_of(made))[0]
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)  # noqa: S602  our own line
    assert done.stdout.strip() == repr([code for _at, _number, code in shown(db, final)])


def test_an_appearance_keeps_its_identity_when_it_is_drawn(db, final, round_, account):
    before = {each.entry_id: each.public_id for each in running(db, final)}
    prepare(db, final, round_, account)
    draw(db, final, round_, account)
    assert {each.entry_id: each.public_id for each in running(db, final)} == before


def test_divisions_come_one_after_the_other_each_drawn_within(db, final, round_, account):
    for at, entry in enumerate(db.scalars(select(Entry).where(Entry.contest_id == final.id).order_by(Entry.position))):
        entry.division = (None, "b", "a")[at % 3]
    prepare(db, final, round_, account)
    made = draw(db, final, round_, account, by_division=True)
    blocks = drawing.groups_of(made)
    divisions = [{each.entry.division for each in running(db, final) if each.entry.code in block} for block in blocks]
    assert divisions == [{"a"}, {"b"}, {None}]
    assert [code for block in blocks for code in block] == [code for _at, _number, code in shown(db, final)]
    assert [drawing.sorted_by_lot(SEED, block) for block in blocks] == blocks


def test_a_seed_that_waits_is_not_replaced_by_another(db, final, round_, account):
    first = prepare(db, final, round_, account)
    assert prepare(db, final, round_, account, seed="better") is first
    assert first.seed == SEED


def test_drawing_needs_a_seed_that_waits_and_happens_once(db, final, round_, account):
    with pytest.raises(DrawNotPrepared):
        draw(db, final, round_, account)
    prepare(db, final, round_, account)
    draw(db, final, round_, account)
    before = shown(db, final)
    with pytest.raises(DrawNotPrepared):
        draw(db, final, round_, account)
    assert shown(db, final) == before


def test_drawing_again_needs_a_reason_and_keeps_the_first_draw(db, final, round_, account):
    prepare(db, final, round_, account)
    first = draw(db, final, round_, account)
    with pytest.raises(ReasonMissing):
        prepare(db, final, round_, account, seed="two")
    prepare(db, final, round_, account, seed="two", reason="漏了两位")
    second = draw(db, final, round_, account)
    assert (first.number, second.number, ordering.last_draw(db, round_)) == (1, 2, second)
    assert json.loads(first.order) != json.loads(second.order)


@pytest.mark.parametrize("state", [s for s in RoundState if s not in (RoundState.DRAFT, RoundState.OPEN)])
def test_nothing_is_drawn_once_the_round_is_judging(db, final, round_, account, state):
    prepare(db, final, round_, account)
    round_.state = state
    for act in (prepare, draw):
        with pytest.raises(OrderFixed):
            act(db, final, round_, account)


def test_nothing_is_drawn_once_somebody_was_on_stage(db, final, round_, account):
    round_.state = RoundState.JUDGING
    showing.call(db, final, appearance=running(db, final)[0], now=NOW)
    round_.state = RoundState.OPEN
    with pytest.raises(OrderFixed):
        prepare(db, final, round_, account)


def test_who_has_withdrawn_is_not_drawn(db, final, round_, account):
    gone = running(db, final)[4]
    absences.withdraw(db, final, round_=round_, entry=gone.entry, reason="生病", by=DESK, now=NOW)
    prepare(db, final, round_, account)
    draw(db, final, round_, account)
    assert gone.entry.code not in [code for _at, _number, code in shown(db, final)]
    assert len(running(db, final)) == 11


def test_a_contest_without_entries_has_nothing_to_draw(db, account):
    empty = add_contest(db, slug="empty", entries=0, state=RoundState.DRAFT)
    with pytest.raises(NobodyTakesPart):
        prepare(db, empty, queries.round_of(db, empty, "final"), account)
