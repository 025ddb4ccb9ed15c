"""A place or an award decided against the rules: two people and a reason, once, only while the round is locked."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from contest import facts, overruling, proving, queries, sealing
from contest.errors import (
    AlreadyProposed,
    Malformed,
    NotFound,
    NothingProposed,
    ReasonMissing,
    SecondPersonNeeded,
    TextRefused,
)  # fmt: skip
from contest.ledger import Actor
from contest.models import Account, Act, Decides, LedgerRow, RoundState, Ruling, Visibility
from contest.refusals import OverrideNotNow
from contest.rules import compute
from tests.builders import NOW, add_contest, later
from tests.judged import RULES, judged
from tests.tablets import actions

DESK = Actor("account:desk", "web")
REASON = "评审委员会合议，记录见附件"


@pytest.fixture
def people(db):
    made = [Account(username=f"p{n}", display_name=f"负责人{n}", password_hash="", created_at=NOW) for n in (1, 2)]
    db.add_all(made)
    db.flush()
    return made


@pytest.fixture
def contest(db):
    return add_contest(
        db, slug="decided", facts=judged(), rules=RULES.encode(), with_judging=True, state=RoundState.LOCKED
    )


def final(db, contest):
    return queries.round_of(db, contest, "final")


def entry(db, contest, code):
    return next(a.entry for a in queries.appearances_in_order(db, final(db, contest)) if a.entry.code == code)


def propose(db, contest, account, code="04", kind=Decides.PLACE, value="3", reason=REASON):
    return overruling.propose(
        db, contest, round_=final(db, contest), entry=entry(db, contest, code), kind=kind, value=value, reason=reason,
        account=account, by=DESK, now=NOW,
    )  # fmt: skip


def confirm(db, contest, made, account):
    return overruling.confirm(db, contest, public_id=made.public_id, account=account, by=DESK, now=later(60))


def standing(db, contest, code="04"):
    outcome = compute(queries.rules_of(queries.rule_version(db, contest)), facts.read(db, contest))
    given = {entry: one.award for one in outcome.awards for entry, _ in one.entries}
    row = next(s for s in outcome.standings if s.entry == code)
    return row.place, row.computed_place, given.get(code)


def test_a_place_counts_when_a_second_person_confirms_it_and_the_computed_one_stays(db, contest, people):
    made = propose(db, contest, people[0])
    assert standing(db, contest) == (4, None, None)
    with pytest.raises(SecondPersonNeeded):
        confirm(db, contest, made, people[0])
    confirm(db, contest, made, people[1])
    assert standing(db, contest) == (3, 4, "second")
    assert actions(db, contest)[-2:] == ["approval_proposed", "ruled"]
    assert (made.ruling.reason, made.alone, made.confirmer) == (REASON, False, people[1])
    with pytest.raises(NothingProposed):
        confirm(db, contest, made, people[1])


def test_the_ledger_alone_still_proves_the_result_and_the_seal_has_both_places(db, contest, people):
    confirm(db, contest, propose(db, contest, people[0]), people[1])
    round_ = final(db, contest)
    for each in queries.appearances_in_order(db, round_):
        each.visibility, each.released_at = Visibility.RELEASED, NOW
    sealing.propose(db, contest, round_=round_, act=Act.SEAL, account=people[0], reason="", by=DESK, now=NOW)
    sealing.confirm(db, contest, round_=round_, account=people[1], by=DESK, now=NOW)
    rows = json.loads(sealing.last_seal(db, round_).standings)["standings"]
    assert [(row["place"], row["computed_place"]) for row in rows if row["entry"] == "04"] == [(3, 4)]
    assert proving.prove(db, contest).fault is None


def test_an_award_or_none_by_decision(db, contest, people):
    confirm(db, contest, propose(db, contest, people[0], "06", Decides.AWARD, "first"), people[1])
    assert standing(db, contest, "06") == (6, None, "first")
    confirm(db, contest, propose(db, contest, people[0], "01", Decides.AWARD, "none"), people[1])
    assert standing(db, contest, "01") == (1, None, None)


def test_a_later_decision_replaces_the_earlier_and_may_bring_the_computed_result_back(db, contest, people):
    confirm(db, contest, propose(db, contest, people[0], value="3"), people[1])
    confirm(db, contest, propose(db, contest, people[0], value="2"), people[1])
    assert standing(db, contest)[:2] == (2, 4)
    confirm(db, contest, propose(db, contest, people[0], value=None), people[1])
    assert standing(db, contest)[:2] == (4, None)
    rulings = db.scalars(select(Ruling).where(Ruling.contest_id == contest.id)).all()
    assert [ruling.cancelled_at is None for ruling in rulings] == [False, False]
    assert [one.value for one in overruling.decided(db, contest)] == ["3", "2", None]
    with pytest.raises(NothingProposed):
        propose(db, contest, people[0], value=None)


def test_in_an_office_of_one_it_counts_at_once_and_says_so(db, contest, people):
    contest.one_person = True
    made = propose(db, contest, people[0])
    assert made.alone and standing(db, contest)[:2] == (3, 4)
    payload = json.loads(db.scalars(select(LedgerRow.payload).order_by(LedgerRow.seq.desc())).first())
    assert payload["alone"] == 1


def test_a_proposal_is_taken_back_and_may_be_made_again(db, contest, people):
    made = propose(db, contest, people[0])
    with pytest.raises(AlreadyProposed):
        propose(db, contest, people[1], value="2")
    overruling.withdraw(db, contest, public_id=made.public_id, by=DESK, now=NOW)
    with pytest.raises(NothingProposed):
        confirm(db, contest, made, people[1])
    assert propose(db, contest, people[1], value="2").is_open
    assert len(overruling.waiting(db, contest)) == 1


@pytest.mark.parametrize("state", [RoundState.JUDGING, RoundState.SEALED, RoundState.PUBLISHED, RoundState.OPEN])
def test_only_a_locked_round_is_decided_by_hand(db, contest, people, state):
    made = propose(db, contest, people[0])
    final(db, contest).state = state
    with pytest.raises(OverrideNotNow):
        propose(db, contest, people[0], "05")
    with pytest.raises(OverrideNotNow):
        confirm(db, contest, made, people[1])


@pytest.mark.parametrize(("kind", "value"), [
    (Decides.PLACE, "0"), (Decides.PLACE, "-1"), (Decides.PLACE, "10000"), (Decides.PLACE, "三"), (Decides.PLACE, ""),
    (Decides.PLACE, "1.5"), (Decides.AWARD, "best"), (Decides.AWARD, ""),
])  # fmt: skip
def test_nonsense_is_refused(db, contest, people, kind, value):
    with pytest.raises(Malformed):
        propose(db, contest, people[0], kind=kind, value=value)


def test_a_reason_is_needed_and_not_endless(db, contest, people):
    with pytest.raises(ReasonMissing):
        propose(db, contest, people[0], reason="  ")
    with pytest.raises(TextRefused):
        propose(db, contest, people[0], reason="因" * 501)


def test_another_contests_entry_or_proposal_is_not_found(db, contest, people):
    other = add_contest(db, slug="other")
    stranger = queries.appearances_in_order(db, queries.round_of(db, other, "final"))[0].entry
    with pytest.raises(NotFound):
        overruling.propose(
            db, contest, round_=final(db, contest), entry=stranger, kind=Decides.PLACE, value="1", reason=REASON,
            account=people[0], by=DESK, now=NOW,
        )  # fmt: skip
    made = propose(db, contest, people[0])
    with pytest.raises(NotFound):
        confirm(db, other, made, people[1])
