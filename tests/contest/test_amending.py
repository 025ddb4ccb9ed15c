"""Changing the rules while a contest is judged: two people and a reason, once, and never under a sealed result."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import (
    amending,
    correcting,
    drafting,
    effects,
    entering,
    ledger,
    queries,
    sealing,
    settling,
    showing,
)
from contest.errors import AlreadyProposed, NotFound, NothingProposed, ReasonMissing, SecondPersonNeeded, TextRefused
from contest.ledger import Actor
from contest.models import Account, Act, LedgerRow, RoundState, RuleChange, RuleVersion
from contest.refusals import RoundsSealed, RulesMoved, RulesSame, RulesUnfit
from contest.rules import read_rules
from tests.amended import ALL_COUNT, judge_five, lowered, rules
from tests.builders import NOW, RULES, later
from tests.tablets import MARKS, actions, running, sit

DESK = Actor("account:desk", "web")
REASON = "通知写的是全部评委平均"


@pytest.fixture
def people(db):
    made = [Account(username=f"p{n}", display_name=f"负责人{n}", password_hash="", created_at=NOW) for n in (1, 2)]
    db.add_all(made)
    db.flush()
    return made


@pytest.fixture
def judged(db):
    return judge_five(db)


def propose(db, contest, account, new=None, reason=REASON):
    return amending.propose(
        db, contest, rules=new or read_rules(ALL_COUNT), reason=reason, account=account, by=DESK, now=NOW
    )


def confirm(db, contest, change, account, now=NOW):
    return amending.confirm(db, contest, public_id=change.public_id, account=account, by=DESK, now=now)


def withdraw(db, contest, change):
    return amending.withdraw(db, contest, public_id=change.public_id, by=DESK, now=NOW)


def last_payload(db, contest):
    row = db.scalars(select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq.desc())).first()
    return json.loads(row.payload)


def number(db, contest):
    return queries.rule_version(db, contest).number


def release_and_seal(db, contest, people):
    for each in running(db, contest):
        showing.release(db, contest, appearance=each, by=DESK, now=NOW)
    round_ = queries.round_of(db, contest, "final")
    sealing.move(db, contest, round_=round_, to=RoundState.LOCKED, by=DESK, now=NOW)
    sealing.propose(db, contest, round_=round_, act=Act.SEAL, account=people[0], reason="", by=DESK, now=NOW)
    sealing.confirm(db, contest, round_=round_, account=people[1], by=DESK, now=NOW)
    return round_


def test_two_people_and_a_reason_make_the_next_version(db, judged, people):
    change = propose(db, judged, people[0])
    assert (change.is_open, number(db, judged), actions(db, judged)[-1]) == (True, 1, "approval_proposed")
    assert last_payload(db, judged) == {
        "approval": change.public_id, "act": "rules", "reason": REASON, "places": 2,
        "before": read_rules(RULES).sha256, "sha256": read_rules(ALL_COUNT).sha256,
    }  # fmt: skip
    confirm(db, judged, change, people[1], later(60))
    version = queries.rule_version(db, judged)
    assert (version.number, version.source, version.created_at) == (2, ALL_COUNT, later(60))
    assert (change.version, change.confirmer, change.alone, change.confirmed_at) == (
        version, people[1], False, later(60),
    )  # fmt: skip
    assert [(move.entry, move.place_before, move.place) for move in amending.moves_of(change)] == [
        ("02", 2, 1), ("01", 1, 2),
    ]  # fmt: skip
    assert last_payload(db, judged) == {
        "number": 2, "sha256": version.sha256, "before": read_rules(RULES).sha256, "approval": change.public_id,
        "reason": REASON, "places": 2,
    }  # fmt: skip
    assert actions(db, judged)[-2:] == ["approval_proposed", "rules_adopted"]
    assert list(amending.adopted(db, judged)) == [change]


def test_nobody_is_named_in_the_ledger(db, judged, people):
    confirm(db, judged, propose(db, judged, people[0]), people[1])
    rows = db.scalars(select(LedgerRow).where(LedgerRow.contest_id == judged.id))
    assert not any("负责人" in (row.payload or "") for row in rows)


def test_the_proposer_cannot_confirm_and_the_table_itself_refuses_it(db, judged, people):
    change = propose(db, judged, people[0])
    with pytest.raises(SecondPersonNeeded):
        confirm(db, judged, change, people[0])
    assert (change.is_open, number(db, judged)) == (True, 1)
    with pytest.raises(IntegrityError), db.begin_nested():
        change.confirmer_id, change.confirmed_at, change.version_id = people[0].id, NOW, change.base_id
        change.effect = "{}"
        db.flush()


def test_an_office_of_one_changes_them_alone_and_says_so(db, judged, people):
    settling.set_office(db, judged, alone=True, by=DESK, now=NOW)
    change = propose(db, judged, people[0])
    assert (change.alone, change.confirmer, change.confirmed_at, number(db, judged)) == (True, None, NOW, 2)
    assert last_payload(db, judged)["alone"] == 1
    assert actions(db, judged)[-2:] == ["approval_proposed", "rules_adopted"]


def test_what_was_proposed_before_the_office_was_one_is_confirmed_by_whoever_is_there(db, judged, people):
    change = propose(db, judged, people[0])
    judged.one_person = True
    assert confirm(db, judged, change, people[0]).alone
    second = propose(db, judged, people[0], rules())
    assert (second.alone, number(db, judged)) == (True, 3)


def test_a_second_person_who_is_there_is_named_in_an_office_of_one_too(db, judged, people):
    change = propose(db, judged, people[0])
    judged.one_person = True
    assert confirm(db, judged, change, people[1]).alone is False


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b"])
def test_a_reason_is_needed(db, judged, people, reason):
    with pytest.raises(ReasonMissing):
        propose(db, judged, people[0], reason=reason)
    with pytest.raises(TextRefused):
        propose(db, judged, people[0], reason="长" * 501)
    assert amending.open_change(db, judged) is None


def test_the_rules_in_force_cannot_be_proposed(db, judged, people):
    with pytest.raises(RulesSame):
        propose(db, judged, people[0], rules())


def test_a_proposal_is_made_once_and_taken_back_once(db, judged, people):
    change = propose(db, judged, people[0])
    with pytest.raises(AlreadyProposed):
        propose(db, judged, people[1])
    withdraw(db, judged, change)
    assert actions(db, judged)[-1] == "approval_withdrawn"
    assert last_payload(db, judged) == {"approval": change.public_id, "act": "rules"}
    with pytest.raises(NothingProposed):
        withdraw(db, judged, change)
    with pytest.raises(NothingProposed):
        confirm(db, judged, change, people[1])
    confirm(db, judged, propose(db, judged, people[1]), people[0])
    assert number(db, judged) == 2


def test_confirming_twice_makes_one_version(db, judged, people):
    change = propose(db, judged, people[0])
    confirm(db, judged, change, people[1])
    with pytest.raises(NothingProposed):
        confirm(db, judged, change, people[1])
    with pytest.raises(NothingProposed):
        withdraw(db, judged, change)
    assert db.scalars(select(RuleVersion.number).where(RuleVersion.contest_id == judged.id)).all() == [1, 2]


def test_the_table_itself_holds_one_open_proposal(db, judged, people):
    change = propose(db, judged, people[0])
    with pytest.raises(IntegrityError), db.begin_nested():
        db.add(RuleChange(
            contest_id=judged.id, base_id=change.base_id, source=b"", sha256="", reason="又一次",
            proposer_id=people[1].id, proposed_at=NOW,
        ))  # fmt: skip
        db.flush()


def test_another_contests_proposal_is_not_found(db, judged, contest, people):
    change = propose(db, judged, people[0])
    for verb in (lambda: confirm(db, contest, change, people[1]), lambda: withdraw(db, contest, change)):
        with pytest.raises(NotFound):
            verb()


def test_other_rules_that_came_into_force_meanwhile_stop_the_confirmation(db, judged, people):
    change = propose(db, judged, people[0])
    entering.adopt_rules(db, judged, rules=read_rules(RULES + b"\n# later\n"), by=DESK, now=NOW)
    with pytest.raises(RulesMoved) as refused:
        confirm(db, judged, change, people[1])
    assert (refused.value.args_, change.is_open) == ({"number": 2}, True)


def test_a_sealed_result_has_to_be_reopened_first(db, judged, people):
    change = propose(db, judged, people[0])
    round_ = release_and_seal(db, judged, people)
    with pytest.raises(RoundsSealed) as refused:
        confirm(db, judged, change, people[1])
    assert [title.zh for title in refused.value.args_["rounds"]] == ["决赛"]
    withdraw(db, judged, change)
    with pytest.raises(RoundsSealed):
        propose(db, judged, people[0])
    assert [title.zh for title in effects.effect(db, judged, read_rules(ALL_COUNT)).sealed] == ["决赛"]
    sealing.propose(db, judged, round_=round_, act=Act.REOPEN, account=people[0], reason="规则", by=DESK, now=NOW)
    sealing.confirm(db, judged, round_=round_, account=people[1], by=DESK, now=NOW)
    confirm(db, judged, propose(db, judged, people[0]), people[1])
    sealing.propose(db, judged, round_=round_, act=Act.SEAL, account=people[0], reason="", by=DESK, now=NOW)
    sealing.confirm(db, judged, round_=round_, account=people[1], by=DESK, now=NOW)
    seal = sealing.last_seal(db, round_)
    assert (seal.number, seal.rules_sha256) == (2, read_rules(ALL_COUNT).sha256)
    assert json.loads(seal.standings)["standings"][0]["entry"] == "02"


@pytest.mark.parametrize("change", [
    (b'title = { zh = "\xe4\xba\x8c\xe7\xad\x89\xe5\xa5\x96"', b'title = { zh = "\xe9\x93\xb6\xe5\xa5\x96"'),
    (b"share = 0.30", b"share = 0.70"),
])  # fmt: skip
def test_the_awards_of_a_sealed_result_count_as_its_part(db, judged, people, change):
    release_and_seal(db, judged, people)
    with pytest.raises(RoundsSealed):
        propose(db, judged, people[0], rules(change))


def test_what_leaves_a_sealed_result_as_it_is_may_change(db, judged, people):
    release_and_seal(db, judged, people)
    change = propose(db, judged, people[0], rules((b"# Awards from", b"# From")))
    confirm(db, judged, change, people[1])
    assert (number(db, judged), amending.moves_of(change)) == (2, [])


def test_what_stored_marks_do_not_fit_is_not_proposed(db, judged, people):
    with pytest.raises(RulesUnfit):
        propose(db, judged, people[0], lowered(b"26.5"))
    assert amending.open_change(db, judged) is None


def test_facts_that_came_after_the_proposal_stop_the_confirmation(db, judged, people):
    change = propose(db, judged, people[0], lowered(b"27.5"))
    one = running(db, judged)[0]
    correcting.return_sheet(
        db, judged, appearance=one, seat=queries.sittings_for(db, one)[0].seat.public_id, reason="重评", by=DESK,
        now=NOW,
    )
    assert sit(db, judged, 1).submit(one, base=2, marks=MARKS | {"content": "30.00"})["result"] == "submitted"
    with pytest.raises(RulesUnfit):
        confirm(db, judged, change, people[1])
    assert (change.is_open, number(db, judged)) == (True, 1)


def test_the_draft_goes_when_it_has_become_the_rules_and_another_one_stays(db, judged, people):
    draft = drafting.save_draft(db, judged, source=ALL_COUNT, seen="", account=people[0], now=NOW)
    change = propose(db, judged, people[0])
    assert drafting.read_draft(db, judged) is draft
    confirm(db, judged, change, people[1])
    assert drafting.read_draft(db, judged) is None
    drafting.save_draft(db, judged, source=RULES + b"# another\n", seen="", account=people[0], now=NOW)
    confirm(db, judged, propose(db, judged, people[0], rules()), people[1])
    assert drafting.read_draft(db, judged) is not None


def test_the_chain_still_verifies(db, judged, people):
    confirm(db, judged, propose(db, judged, people[0]), people[1])
    assert ledger.verify(db, judged) is None
