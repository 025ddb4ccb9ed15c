"""The door's verbs: once through, told of the first time, taken back; who is expected and who is meant."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from contest import ledger, queries, welcoming
from contest.errors import Malformed, NotExpected, NotFound, ReasonMissing, TextRefused
from contest.ledger import SYSTEM
from contest.models import (
    Account,
    Act,
    Action,
    Appearance,
    AppearanceStatus,
    Approval,
    Base,
    CheckIn,
    Contest,
    Entry,
    LedgerRow,
    Round,
    RoundState,
    Ruling,
    RulingKind,
    Seal,
)  # fmt: skip
from settings import Settings
from tests.builders import NOW, add_contest, later
from web.db import open_engine, reading, writing


def steward(db, name="李志愿"):
    account = Account(username=name, display_name=name, password_hash="", created_at=NOW)
    db.add(account)
    db.flush()
    return account


def entry(db, code="01"):
    return db.scalars(select(Entry).where(Entry.code == code)).one()


def welcome(db, contest, who="01", *, door="南门", press="", now=NOW, **more):
    account = db.scalars(select(Account)).first() or steward(db)
    return welcoming.check_in(
        db, contest, entry=entry(db, who), account=account, door=door, press=press, by=SYSTEM, now=now, **more
    )


def rows(db, action):
    return db.scalar(select(func.count()).select_from(LedgerRow).where(LedgerRow.action == action))


def status(db, who="01"):
    return db.scalars(select(Appearance).join(Appearance.entry).where(Entry.code == who)).one().status


def test_the_first_scan_checks_in_and_the_stage_sees_the_contestant_arrived(db, contest):
    done = welcome(db, contest)
    assert (done.fresh, done.check_in.door, done.check_in.at) == (True, "南门", NOW)
    assert status(db) is AppearanceStatus.ARRIVED
    assert (rows(db, Action.CHECKED_IN), ledger.verify(db, contest)) == (1, None)


def test_the_second_scan_is_told_of_the_first_and_writes_nothing(db, contest):
    first = welcome(db, contest)
    second = welcome(db, contest, door="北门", now=later(30))
    assert (second.fresh, second.check_in.id, second.check_in.door) == (False, first.check_in.id, "南门")
    assert rows(db, Action.CHECKED_IN) == 1


def test_the_same_press_sent_again_counts_once_even_after_it_was_undone(db, contest):
    first = welcome(db, contest, press="p1")
    assert welcome(db, contest, press="p1", now=later(5)) == first
    welcoming.undo_check_in(db, contest, public_id=first.check_in.public_id, reason="", by=SYSTEM, now=later(9))
    assert welcome(db, contest, press="p1", now=later(60)) == first
    assert welcoming.standing_check_in(db, entry(db)) is None
    assert rows(db, Action.CHECKED_IN) == 1


def test_a_press_of_another_entry_or_an_overlong_one_is_refused(db, contest):
    welcome(db, contest, press="p1")
    for who, press in (("02", "p1"), ("02", "x" * 37)):
        with pytest.raises(Malformed):
            welcome(db, contest, who, press=press)


def test_a_scan_that_waited_offline_keeps_the_time_of_the_scan(db, contest):
    done = welcome(db, contest, waited=timedelta(minutes=18))
    assert done.check_in.at == NOW - timedelta(minutes=18)
    assert db.scalars(select(LedgerRow).where(LedgerRow.action == Action.CHECKED_IN)).one().at == NOW
    assert welcome(db, contest, "02", waited=timedelta(days=9)).check_in.at == NOW - timedelta(hours=12)
    assert welcome(db, contest, "03", waited=timedelta(seconds=-5)).check_in.at == NOW


def test_undoing_sends_the_contestant_back_to_waiting_and_lets_the_door_check_in_again(db, contest):
    first = welcome(db, contest).check_in
    undone = welcoming.undo_check_in(db, contest, public_id=first.public_id, reason="", by=SYSTEM, now=later(59))
    assert (undone.undone_at, status(db)) == (later(59), AppearanceStatus.WAITING)
    welcoming.undo_check_in(db, contest, public_id=first.public_id, reason="", by=SYSTEM, now=later(600))
    assert rows(db, Action.CHECK_IN_UNDONE) == 1
    assert welcome(db, contest, now=later(61)).fresh


def test_after_a_minute_undoing_needs_a_reason(db, contest):
    first = welcome(db, contest).check_in
    with pytest.raises(ReasonMissing):
        welcoming.undo_check_in(db, contest, public_id=first.public_id, reason=" ", by=SYSTEM, now=later(61))
    done = welcoming.undo_check_in(db, contest, public_id=first.public_id, reason="扫错了", by=SYSTEM, now=later(61))
    assert done.undone_at == later(61)


def test_a_check_in_does_not_move_who_is_already_on_stage(db, contest):
    appearance = db.scalars(select(Appearance).join(Appearance.entry).where(Entry.code == "01")).one()
    appearance.status = AppearanceStatus.ON_STAGE
    first = welcome(db, contest).check_in
    welcoming.undo_check_in(db, contest, public_id=first.public_id, reason="", by=SYSTEM, now=NOW)
    assert status(db) is AppearanceStatus.ON_STAGE


def test_who_is_out_of_the_contest_is_not_checked_in_and_not_expected(db, contest):
    db.add(Ruling(contest_id=contest.id, entry_id=entry(db).id, kind=RulingKind.WITHDRAWN, created_at=NOW))
    db.flush()
    with pytest.raises(NotExpected):
        welcome(db, contest)
    assert welcoming.count(welcoming.guests(db, contest)) == (0, 2)


def test_the_list_is_in_running_order_with_the_numbers_of_the_round(db, contest):
    for each, (number, position) in zip(db.scalars(select(Appearance)), (("A3", 7), ("A1", 5), ("A2", 6)), strict=True):
        each.number, each.position = number, position
    welcome(db, contest, "02")
    found = welcoming.guests(db, contest)
    assert [(guest.number, guest.entry.code) for guest in found] == [("A1", "02"), ("A2", "03"), ("A3", "01")]
    assert ([bool(guest.check_in) for guest in found], welcoming.count(found)) == ([True, False, False], (1, 3))


def test_who_is_not_in_the_round_that_is_on_is_not_checked_in(db, contest):
    db.delete(db.scalars(select(Appearance).join(Appearance.entry).where(Entry.code == "03")).one())
    db.flush()
    with pytest.raises(NotExpected) as refused:
        welcome(db, contest, "03")
    assert refused.value.args_ == {"why": "elsewhere"}
    assert welcoming.guest_of(db, contest, entry(db, "03")).why == "elsewhere"


def test_who_came_to_a_round_that_is_sealed_checks_in_again_for_the_next(db, contest):
    first = welcome(db, contest).check_in
    final = db.scalars(select(Round)).one()
    final.position = 2
    before = Round(contest_id=contest.id, code="preliminary", position=1, state=RoundState.SEALED)
    account = db.scalars(select(Account)).one()
    approval = Approval(
        round=before, act=Act.SEAL, proposer=account, proposed_at=NOW, alone=True, confirmed_at=later(50)
    )
    version = queries.rule_version(db, contest)
    db.add_all([before, approval])
    db.flush()
    db.add(Seal(
        round=before, number=1, approval=approval, rule_version_id=version.id, standings="{}", rules_sha256="x",
        ledger_seq=1, ledger_hash="x", sealed_at=later(50),
    ))  # fmt: skip
    db.flush()
    assert welcoming.count(welcoming.guests(db, contest)) == (0, 3)
    again = welcome(db, contest, now=later(100))
    assert (again.fresh, again.check_in.id != first.id, first.undone_at) == (True, True, later(100))
    assert welcome(db, contest, now=later(101)).fresh is False
    assert welcoming.count(welcoming.guests(db, contest)) == (1, 3)


@pytest.mark.parametrize("words, codes", [
    ("1", ["01"]), ("01", ["01"]), ("周以宁", ["02"]), ("周", ["02"]), ("市", ["02", "03"]), ("没有", []),
    ("  ", ["01", "02", "03"]), ("疫苗", ["02"]),
])  # fmt: skip
def test_words_mean_a_number_first_then_names_units_and_titles(db, contest, words, codes):
    assert [guest.entry.code for guest in welcoming.matching(welcoming.guests(db, contest), words)] == codes


def test_nothing_of_another_contest_is_found(db, contest):
    theirs = welcome(db, contest).check_in
    other = add_contest(db, slug="other", organization="别的协会")
    with pytest.raises(NotFound):
        welcoming.entry_of(db, other, theirs.entry.public_id)
    with pytest.raises(NotFound):
        welcoming.undo_check_in(db, other, public_id=theirs.public_id, reason="", by=SYSTEM, now=NOW)


def test_an_overlong_door_is_refused(db, contest):
    with pytest.raises(TextRefused):
        welcome(db, contest, door="门" * 65)


def test_two_doors_in_one_second_let_exactly_one_in(database_url, tmp_path):
    engine = open_engine(Settings(instance=tmp_path, database_url=database_url))
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        add_contest(db)
        doors = {steward(db, name).id: name for name in ("南门", "北门")}
    together = threading.Barrier(2)
    told = []

    def scan(account_id):
        together.wait()
        with writing(engine) as db:
            contest = queries.contest_by_slug(db, "xinghe")
            done = welcoming.check_in(
                db, contest, entry=entry(db), account=db.get_one(Account, account_id), door=doors[account_id],
                press="", by=SYSTEM, now=NOW,
            )  # fmt: skip
            told.append((done.fresh, done.check_in.door, done.check_in.account.display_name))

    threads = [threading.Thread(target=scan, args=(each,)) for each in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(door for fresh, door, _who in told if fresh)
    assert sorted(told) == [(False, winner, winner), (True, winner, winner)]
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(CheckIn)) == 1
        assert rows(db, Action.CHECKED_IN) == 1
        assert ledger.verify(db, db.scalars(select(Contest)).one()) is None
    engine.dispose()
