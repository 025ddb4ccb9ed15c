"""An office of one: the proposer's own press seals and reopens, and the approval says so for good."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from contest import queries, sealing, showing
from contest.errors import AlreadyProposed, ReasonMissing, SecondPersonNeeded
from contest.ledger import Actor
from contest.models import Act, LedgerRow, RoundState
from tests.builders import NOW
from tests.registrations import add_reviewer
from tests.tablets import actions, running, submit_all

DESK = Actor("account:desk", "web")


@pytest.fixture
def round_(db, contest):
    for each in running(db, contest):
        submit_all(db, contest, each)
        showing.release(db, contest, appearance=each, by=DESK, now=NOW)
    found = queries.round_of(db, contest, "final")
    return sealing.move(db, contest, round_=found, to=RoundState.LOCKED, by=DESK, now=NOW)


def propose(db, contest, round_, account, act=Act.SEAL, reason=""):
    return sealing.propose(db, contest, round_=round_, act=act, account=account, reason=reason, by=DESK, now=NOW)


def last_payload(db):
    return json.loads(db.scalars(select(LedgerRow).order_by(LedgerRow.id.desc()).limit(1)).one().payload)


def test_one_press_seals_and_the_ledger_says_that_it_was_one(db, contest, round_):
    contest.one_person = True
    approval = propose(db, contest, round_, add_reviewer(db))
    assert (round_.state, approval.alone, approval.confirmer, approval.confirmed_at) == (
        RoundState.SEALED, True, None, NOW,
    )  # fmt: skip
    assert (sealing.last_seal(db, round_).approval, last_payload(db)["alone"]) == (approval, 1)
    assert actions(db, contest)[-2:] == ["approval_proposed", "round_sealed"]


def test_one_press_reopens_with_a_reason(db, contest, round_):
    contest.one_person = True
    account = add_reviewer(db)
    propose(db, contest, round_, account)
    with pytest.raises(ReasonMissing):
        propose(db, contest, round_, account, Act.REOPEN)
    propose(db, contest, round_, account, Act.REOPEN, "漏记扣分")
    assert (round_.state, last_payload(db)["alone"]) == (RoundState.LOCKED, 1)
    propose(db, contest, round_, account)
    assert sealing.last_seal(db, round_).number == 2


def test_what_was_proposed_before_the_office_was_one_is_confirmed_by_whoever_is_there(db, contest, round_):
    account = add_reviewer(db)
    propose(db, contest, round_, account)
    with pytest.raises(SecondPersonNeeded):
        sealing.confirm(db, contest, round_=round_, account=account, by=DESK, now=NOW)
    contest.one_person = True
    with pytest.raises(AlreadyProposed):
        propose(db, contest, round_, account)
    approval = sealing.confirm(db, contest, round_=round_, account=account, by=DESK, now=NOW)
    assert (approval.alone, round_.state) == (True, RoundState.SEALED)


def test_a_second_person_who_is_there_is_named_in_an_office_of_one_too(db, contest, round_):
    propose(db, contest, round_, add_reviewer(db))
    contest.one_person = True
    second = add_reviewer(db, "second")
    approval = sealing.confirm(db, contest, round_=round_, account=second, by=DESK, now=NOW)
    assert (approval.alone, approval.confirmer) == (False, second)
