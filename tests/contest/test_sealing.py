"""Making a round official: its steps, the two people of a seal, what stands in the way, and the second seal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import correcting, entering, facts, queries, sealing, showing
from contest.errors import (
    AlreadyProposed,
    AppearancesHeld,
    NothingProposed,
    ReasonMissing,
    SecondPersonNeeded,
    StepNotAllowed,
    StraysUndecided,
)
from contest.ledger import SYSTEM, Actor
from contest.models import Account, Act, Approval, LedgerRow, Recount, RoundState, Ruling, RulingKind, Seal
from contest.rules import compute, outcome_json, read_rules
from tests.builders import NOW, RULES, add_contest, final_facts, later
from tests.tablets import MARKS, actions, running, sit, stage_of, submit_all

DESK = Actor("account:desk", "web")
ALLOWED = {
    ("draft", "open"), ("open", "draft"), ("open", "judging"), ("judging", "locked"), ("locked", "judging"),
    ("sealed", "published"),
}  # fmt: skip


@pytest.fixture
def people(db):
    made = [Account(username=f"p{n}", display_name=f"负责人{n}", password_hash="", created_at=NOW) for n in (1, 2)]
    db.add_all(made)
    db.flush()
    return made


@pytest.fixture
def round_(db, contest):
    return queries.round_of(db, contest, "final")


def move(db, contest, round_, to):
    return sealing.move(db, contest, round_=round_, to=to, by=DESK, now=NOW)


def propose(db, contest, round_, account, act=Act.SEAL, reason=""):
    return sealing.propose(db, contest, round_=round_, act=act, account=account, reason=reason, by=DESK, now=NOW)


def confirm(db, contest, round_, account, now=NOW):
    return sealing.confirm(db, contest, round_=round_, account=account, by=DESK, now=now)


def release_all(db, contest, **marks):
    for appearance in running(db, contest):
        submit_all(db, contest, appearance, **marks)
        showing.release(db, contest, appearance=appearance, by=DESK, now=NOW)


def sealed(db, contest, round_, people):
    move(db, contest, round_, RoundState.LOCKED)
    propose(db, contest, round_, people[0])
    confirm(db, contest, round_, people[1])


@pytest.mark.parametrize("before", RoundState)
@pytest.mark.parametrize("to", RoundState)
def test_one_person_may_take_these_steps_and_no_others(db, contest, round_, before, to):
    round_.state = before
    if (before.value, to.value) in ALLOWED:
        assert move(db, contest, round_, to).state is to
        assert actions(db, contest)[-1] == "round_moved"
    elif before is to:
        assert move(db, contest, round_, to).state is to
        assert actions(db, contest)[-1] != "round_moved"
    else:
        with pytest.raises(StepNotAllowed) as refused:
            move(db, contest, round_, to)
        assert refused.value.args_ == {"state": before.value, "to": to.value}
    assert (to in sealing.next_steps(round_)) is ((round_.state.value, to.value) in ALLOWED)


def test_a_seal_needs_two_people_and_holds_standings_rules_and_the_ledgers_head(db, contest, round_, people):
    release_all(db, contest)
    move(db, contest, round_, RoundState.LOCKED)
    propose(db, contest, round_, people[0])
    assert (round_.state, sealing.last_seal(db, round_)) == (RoundState.LOCKED, None)
    approval = confirm(db, contest, round_, people[1], later(60))
    seal = sealing.last_seal(db, round_)
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).one()
    version = queries.rule_version(db, contest)
    outcome = compute(queries.rules_of(version), facts.read(db, contest))
    assert (round_.state, approval.proposer_id, approval.confirmer_id) == (
        RoundState.SEALED, people[0].id, people[1].id,
    )  # fmt: skip
    assert (seal.number, seal.sealed_at, seal.recount, seal.approval_id) == (
        1, later(60), Recount.PENDING, approval.id,
    )  # fmt: skip
    assert (seal.ledger_seq, seal.ledger_hash, seal.rules_sha256) == (row.seq, row.hash, version.sha256)
    assert json.loads(seal.standings) == json.loads(json.dumps(outcome_json(outcome)["rounds"]["final"]))
    assert json.loads(row.payload or "")["standings"] == hashlib.sha256(seal.standings.encode()).hexdigest()
    assert actions(db, contest)[-3:] == ["round_moved", "approval_proposed", "round_sealed"]


def test_the_same_person_cannot_confirm(db, contest, round_, people):
    release_all(db, contest)
    move(db, contest, round_, RoundState.LOCKED)
    propose(db, contest, round_, people[0])
    with pytest.raises(SecondPersonNeeded):
        confirm(db, contest, round_, people[0])
    assert round_.state is RoundState.LOCKED


def test_the_table_itself_refuses_one_person_twice(db, round_, people):
    with pytest.raises(IntegrityError), db.begin_nested():
        db.add(Approval(
            round_id=round_.id, act=Act.SEAL, proposer_id=people[0].id, proposed_at=NOW, confirmer_id=people[0].id,
            confirmed_at=NOW,
        ))  # fmt: skip
        db.flush()


@pytest.mark.parametrize("state", [s for s in RoundState if s is not RoundState.LOCKED])
def test_only_a_locked_round_is_sealed(db, contest, round_, people, state):
    round_.state = state
    with pytest.raises(StepNotAllowed):
        propose(db, contest, round_, people[0])


@pytest.mark.parametrize("state", [s for s in RoundState if s not in (RoundState.SEALED, RoundState.PUBLISHED)])
def test_only_an_official_round_is_reopened(db, contest, round_, people, state):
    round_.state = state
    with pytest.raises(StepNotAllowed):
        propose(db, contest, round_, people[0], Act.REOPEN, "复核")


def test_an_undecided_stray_stands_in_the_way_and_a_decided_one_does_not(db, contest, round_, people):
    one = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(one)
    stray = tablet.message(one, "submit", base=1, marks=MARKS | {"content": "1.00"})
    tablet.send(stray)
    release_all_but_first_seat(db, contest)
    move(db, contest, round_, RoundState.LOCKED)
    with pytest.raises(StraysUndecided) as refused:
        propose(db, contest, round_, people[0])
    assert refused.value.args_ == {"count": 1}
    correcting.decide_stray(
        db, contest, message_id=f"{tablet.sitting.public_id}.{stray['id']}", accept=False, reason="误触", by=DESK,
        now=NOW,
    )  # fmt: skip
    assert propose(db, contest, round_, people[0]).act is Act.SEAL


def release_all_but_first_seat(db, contest):
    """Releases everything where seat 1 has already submitted for the first appearance."""
    one, *others = running(db, contest)
    for seat in (2, 3):
        sit(db, contest, seat).submit(one)
    for each in others:
        submit_all(db, contest, each)
    for each in (one, *others):
        showing.release(db, contest, appearance=each, by=DESK, now=NOW)


def test_a_stray_that_comes_between_proposal_and_confirmation_stands_in_the_way(db, contest, round_, people):
    release_all(db, contest)
    move(db, contest, round_, RoundState.LOCKED)
    propose(db, contest, round_, people[0])
    assert sit(db, contest, 1).submit(running(db, contest)[0], base=1)["result"] == "stray"
    with pytest.raises(StraysUndecided):
        confirm(db, contest, round_, people[1])


def test_held_scores_stand_in_the_way_unless_the_entry_is_out(db, contest, round_, people):
    one, two, three = running(db, contest)
    submit_all(db, contest, one)
    showing.release(db, contest, appearance=one, by=DESK, now=NOW)
    db.add(Ruling(contest_id=contest.id, entry_id=three.entry_id, kind=RulingKind.WITHDRAWN, created_at=NOW))
    move(db, contest, round_, RoundState.LOCKED)
    with pytest.raises(AppearancesHeld) as refused:
        propose(db, contest, round_, people[0])
    assert refused.value.args_ == {"numbers": [two.number]}


def test_a_proposal_is_made_once_and_can_be_taken_back(db, contest, round_, people):
    release_all(db, contest)
    move(db, contest, round_, RoundState.LOCKED)
    for act in (lambda: confirm(db, contest, round_, people[1]), lambda: withdraw(db, contest, round_)):
        with pytest.raises(NothingProposed):
            act()
    propose(db, contest, round_, people[0])
    with pytest.raises(AlreadyProposed):
        propose(db, contest, round_, people[1])
    withdraw(db, contest, round_)
    with pytest.raises(NothingProposed):
        confirm(db, contest, round_, people[1])
    propose(db, contest, round_, people[1])
    assert confirm(db, contest, round_, people[0]).confirmer_id == people[0].id


def withdraw(db, contest, round_):
    sealing.withdraw(db, contest, round_=round_, by=DESK, now=NOW)


def test_a_confirmation_after_the_round_was_unlocked_is_refused(db, contest, round_, people):
    release_all(db, contest)
    move(db, contest, round_, RoundState.LOCKED)
    propose(db, contest, round_, people[0])
    move(db, contest, round_, RoundState.JUDGING)
    with pytest.raises(StepNotAllowed):
        confirm(db, contest, round_, people[1])


def test_reopening_needs_a_reason_and_two_people_and_leads_to_a_second_seal_beside_the_first(db, people):
    contest = add_contest(db, slug="five", judges=5)
    round_ = queries.round_of(db, contest, "final")
    release_all(db, contest)
    sealed(db, contest, round_, people)
    first = sealing.last_seal(db, round_).standings
    move(db, contest, round_, RoundState.PUBLISHED)
    with pytest.raises(ReasonMissing):
        propose(db, contest, round_, people[0], Act.REOPEN, "  ")
    propose(db, contest, round_, people[0], Act.REOPEN, "申诉成立")
    with pytest.raises(SecondPersonNeeded):
        confirm(db, contest, round_, people[0])
    confirm(db, contest, round_, people[1])
    assert round_.state is RoundState.LOCKED
    move(db, contest, round_, RoundState.JUDGING)
    one = running(db, contest)[0]
    showing.withdraw_release(db, contest, appearance=one, note="申诉成立，扣分改正", by=DESK, now=NOW)
    showing.adjust(
        db, contest, appearance=one, kind="quiz", value="-1", reason="漏记", press="", by=DESK, now=NOW
    )
    showing.release(db, contest, appearance=one, by=DESK, now=NOW)
    sealed(db, contest, round_, people)
    seals = db.scalars(select(Seal).where(Seal.round_id == round_.id).order_by(Seal.number)).all()
    assert [seal.number for seal in seals] == [1, 2]
    assert seals[0].standings == first != seals[1].standings
    assert sealing.last_seal(db, round_) is seals[1]
    assert actions(db, contest).count("round_sealed") == 2


def test_a_seal_rests_on_the_rules_of_its_time(db, contest, round_, people):
    release_all(db, contest)
    sealed(db, contest, round_, people)
    seal = sealing.last_seal(db, round_)
    entering.adopt_rules(db, contest, rules=read_rules(RULES + b"\n# later\n"), by=SYSTEM, now=NOW)
    assert seal.rules_sha256 == hashlib.sha256(RULES).hexdigest() != queries.rule_version(db, contest).sha256


def test_the_recounts_answer_is_noted_on_the_seal(db, contest, round_, people):
    release_all(db, contest)
    sealed(db, contest, round_, people)
    seal = sealing.last_seal(db, round_)
    assert sealing.record_recount(db, seal_id=seal.id, agrees=True).recount is Recount.AGREES
    assert sealing.record_recount(db, seal_id=seal.id, agrees=False).recount is Recount.DIFFERS


def two_rounds(db):
    semi = RULES[: RULES.index(b"[[awards]]")].replace(b"[rounds.final", b"[rounds.semi")
    both = semi + b"\n" + RULES[RULES.index(b"[rounds.final]"):] + b'\n[result]\nrounds = ["semi", "final"]\n'
    facts_ = final_facts(2, 3)
    appearances = tuple(replace(a, round=code) for code in ("semi", "final") for a in facts_.appearances)
    sittings = tuple(replace(s, round=code) for code in ("semi", "final") for s in facts_.sittings)
    return add_contest(
        db, slug="two", rules=both, facts=replace(facts_, appearances=appearances, sittings=sittings),
        state=RoundState.DRAFT,
    )  # fmt: skip


def test_opening_a_round_takes_an_empty_stage_but_never_one_that_is_being_judged(db):
    contest = two_rounds(db)
    semi, final = (queries.round_of(db, contest, code) for code in ("semi", "final"))
    for state in (RoundState.OPEN, RoundState.JUDGING):
        move(db, contest, semi, state)
    one = running(db, contest, "semi")[0]
    showing.call(db, contest, appearance=one, now=NOW)
    move(db, contest, final, RoundState.OPEN)
    assert (showing.stage_of(db, contest).round, stage_of(db, contest)) == (semi, ("contestant", "01"))
    move(db, contest, semi, RoundState.LOCKED)
    move(db, contest, final, RoundState.JUDGING)
    assert (showing.stage_of(db, contest).round, stage_of(db, contest)) == (final, ("waiting", None))
    assert one.status.value == "done"
