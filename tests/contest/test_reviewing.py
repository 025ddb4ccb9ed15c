"""What the review makes of a registration: an entry, a return, a way back, a correction; and what stops it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from contest import queries, reviewing
from contest.errors import ReasonMissing, TextRefused
from contest.ledger import Actor
from contest.models import (
    Account,
    Appearance,
    Base,
    Consent,
    ConsentBy,
    Contest,
    Decision,
    Delegation,
    Entry,
    LedgerRow,
    LedgerWords,
    Member,
    Person,
    Registration,
    RegistrationState,
    Slot,
)
from contest.refusals import (
    AlreadyDecided,
    ConsentMissing,
    DeadlinePast,
    EntryInUse,
    FormChanged,
    NothingUnlocked,
    QuotaFull,
)
from settings import Settings
from tests.builders import NOW, add_contest, later
from tests.registrations import add_file, add_registration, add_reviewer, submit
from tests.tablets import actions
from web.db import open_engine, reading, writing

OFFICE = Actor("account:office", "web")


@pytest.fixture
def reviewer(db):
    return add_reviewer(db)


def approve(db, contest, registration, account, **changed):
    given = {"seen": registration.version, "by": OFFICE, "now": NOW} | changed
    return reviewing.approve(db, contest, registration=registration, account=account, **given)


def send_back(db, contest, registration, account, **changed):
    given = {"seen": registration.version, "reason": "照片不是本人", "fields": ["photo", "name"], "now": NOW} | changed
    return reviewing.return_to(db, contest, registration=registration, account=account, **given)


def take_back(db, contest, registration, reason="点错了"):
    return reviewing.take_back(db, contest, registration=registration, reason=reason, by=OFFICE, now=NOW)


def test_an_approved_form_is_an_entry_with_the_next_number_its_people_and_its_photo(db, contest, reviewer):
    form = add_registration(db, contest, reading="ài shān jiāng")
    add_file(db, form, Slot.PHOTO).replaced_at = NOW
    photo = add_file(db, form, Slot.PHOTO)
    entry = approve(db, contest, form, reviewer)
    assert (entry.code, entry.position, entry.name, entry.unit, entry.title, entry.division, entry.reading) == (
        "04", 4, "艾山江·吐尔逊", "望海县交通运输局", "沙漠公路为什么不被埋", "public", "ài shān jiāng",
    )  # fmt: skip
    assert (entry.photo_id, entry.masked) == (photo.file_id, False)
    people = [(m.position, m.role.value, m.person.name, str(m.person.birth_date)) for m in entry.members]
    assert people == [(1, "author", "艾山江·吐尔逊", "2001-03-04"), (2, "teacher", "许清和", "None")]
    assert (form.state, form.entry, form.submissions[-1].decision, form.submissions[-1].reviewer) == (
        RegistrationState.APPROVED, entry, Decision.APPROVED, reviewer,
    )  # fmt: skip


def test_the_ledger_names_ids_and_neither_people_nor_phones(db, contest, reviewer):
    approve(db, contest, add_registration(db, contest), reviewer)
    assert actions(db, contest)[-1] == "entry_accepted"
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.id.desc()).limit(1)).one()
    assert set(json.loads(row.payload)) == {"registration", "code", "submission"}
    assert [word for word in ("艾山江", "13800006217", "望海") if word in row.payload] == []


@pytest.mark.parametrize("born, masked", [("2008-05-17", True), ("2008-05-16", False)])
def test_whoever_is_a_minor_on_the_first_day_is_masked(db, contest, reviewer, born, masked):
    contest.starts_at = datetime(2026, 5, 15, 23, 0, tzinfo=UTC)  # 16 May, 7:00 in the contest's time zone
    assert approve(db, contest, add_registration(db, contest, birth_date=born), reviewer).masked is masked


def test_numbers_have_three_digits_where_the_contest_may_hold_more_than_ninety_nine(db, contest, reviewer):
    contest.quota = 120
    assert approve(db, contest, add_registration(db, contest), reviewer).code == "004"


def test_a_child_needs_a_guardians_standing_consent(db, contest, reviewer):
    form = add_registration(db, contest, birth_date="2013-01-01")
    with pytest.raises(ConsentMissing):
        approve(db, contest, form, reviewer)
    consent = Consent(method=ConsentBy.LINK, guardian="艾家长", wording="1", given_at=NOW, withdrawn_at=NOW)
    form.consents.append(consent)
    with pytest.raises(ConsentMissing):
        approve(db, contest, form, reviewer)
    consent.withdrawn_at = None
    assert approve(db, contest, form, reviewer).masked


def test_a_delegation_sends_as_many_as_its_quota_and_one_more_only_with_a_reason(db, contest, reviewer):
    db.add(Delegation(contest_id=contest.id, name="望海县", quota=1, position=1))
    approve(db, contest, add_registration(db, contest), reviewer)
    second = add_registration(db, contest)
    approve(db, contest, add_registration(db, contest, delegation="南屿区"), reviewer)
    with pytest.raises(QuotaFull) as refused:
        approve(db, contest, second, reviewer)
    assert refused.value.args_ == {"delegation": "望海县", "used": 1, "quota": 1}
    approve(db, contest, second, reviewer, exception="上届冠军保留名额")
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.id.desc()).limit(1)).one()
    assert json.loads(row.payload)["exception"] == "上届冠军保留名额"


def test_the_second_of_two_reviewers_is_told_who_decided_and_when(db, contest, reviewer):
    other = add_reviewer(db, "chengxiu", "程岫")
    form = add_registration(db, contest)
    seen = form.version
    send_back(db, contest, form, other, now=later(60))
    for act in (approve, send_back):
        with pytest.raises(AlreadyDecided) as refused:
            act(db, contest, form, reviewer, seen=seen)
        told = refused.value.args_
        assert (told["who"], told["at"], told["state"]) == ("程岫", later(60), "returned")


def test_a_form_that_changed_under_the_reviewers_eyes_is_looked_at_again(db, contest, reviewer):
    form = add_registration(db, contest)
    for act in (approve, send_back):
        with pytest.raises(FormChanged):
            act(db, contest, form, reviewer, seen=form.version - 1)


@pytest.mark.parametrize("state", [s for s in RegistrationState if s not in (
    RegistrationState.SUBMITTED, RegistrationState.APPROVED
)])  # fmt: skip
def test_only_a_submitted_form_is_decided(db, contest, reviewer, state):
    form = add_registration(db, contest, state=state)
    form.state = state
    with pytest.raises(AlreadyDecided):
        approve(db, contest, form, reviewer)
    assert db.scalars(select(Entry).where(Entry.code == "04")).first() is None


def test_a_return_unlocks_the_named_fields_alone_and_says_why(db, contest, reviewer):
    form = add_registration(db, contest)
    made = send_back(db, contest, form, reviewer, fields=["photo", "name", "consent", "id", "birth_date"])
    assert (form.state, made.reason, made.decision) == (RegistrationState.RETURNED, "照片不是本人", Decision.RETURNED)
    assert json.loads(made.fields) == ["name", "birth_date", "photo"]


@pytest.mark.parametrize("changed, error", [
    ({"reason": " \n"}, ReasonMissing), ({"fields": []}, NothingUnlocked), ({"fields": ["consent"]}, NothingUnlocked),
    ({"reason": "长" * 501}, TextRefused),
])  # fmt: skip
def test_a_return_needs_a_reason_and_something_to_change(db, contest, reviewer, changed, error):
    form = add_registration(db, contest)
    with pytest.raises(error):
        send_back(db, contest, form, reviewer, **changed)
    assert form.state is RegistrationState.SUBMITTED


def test_a_mended_form_is_approved_with_what_was_handed_in_last(db, contest, reviewer):
    form = add_registration(db, contest)
    send_back(db, contest, form, reviewer)
    submit(db, form, name="艾山江·吐尔洪")
    assert approve(db, contest, form, reviewer).name == "艾山江·吐尔洪"


def test_an_approval_by_mistake_leaves_nothing_behind_and_can_be_given_again(db, contest, reviewer):
    form = add_registration(db, contest)
    people = len(db.scalars(select(Person)).all())
    first = approve(db, contest, form, reviewer).public_id
    with pytest.raises(ReasonMissing):
        take_back(db, contest, form, " ")
    take_back(db, contest, form)
    assert (form.state, form.entry, form.submissions[-1].decision) == (RegistrationState.SUBMITTED, None, None)
    assert (len(db.scalars(select(Person)).all()), db.scalars(select(Member)).all()) == (people, [])
    again = approve(db, contest, form, reviewer)
    assert (again.code, again.public_id == first) == ("04", False)
    assert actions(db, contest)[-3:] == ["entry_accepted", "entry_corrected", "entry_accepted"]


def test_an_entry_that_takes_part_is_not_taken_back(db, contest, reviewer):
    form = add_registration(db, contest)
    entry = approve(db, contest, form, reviewer)
    round_ = queries.round_of(db, contest, "final")
    panel = queries.appearances_in_order(db, round_)[0].panel_id
    db.add(Appearance(round_id=round_.id, entry_id=entry.id, panel_id=panel, position=4, number="04"))
    db.flush()
    with pytest.raises(EntryInUse):
        take_back(db, contest, form)
    assert form.entry is entry


def test_a_correction_changes_entry_and_person_and_its_words_lie_beside_the_ledger(db, contest, reviewer):
    entry = approve(db, contest, add_registration(db, contest), reviewer)
    changed = reviewing.correct(
        db, contest, entry=entry, changes={"name": " 艾山江·吐尔洪 ", "unit": "望海县交通运输局", "title": "新题目"},
        reason="证件为准", by=OFFICE, now=NOW,
    )
    assert (changed, entry.name, entry.members[0].person.name) == (["name", "title"], "艾山江·吐尔洪", "艾山江·吐尔洪")
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.id.desc()).limit(1)).one()
    said = json.loads(row.payload)
    assert said.pop("words")
    assert said == {"fields": ["name", "title"], "reason": "证件为准"}
    assert "艾山江" not in row.payload
    kept = json.loads(db.scalars(select(LedgerWords)).one().text)
    assert (kept["name"][1], kept["title"][1]) == ("艾山江·吐尔洪", "新题目")


@pytest.mark.parametrize("changes, reason, error", [
    ({"name": "新名"}, "", ReasonMissing), ({"name": "  "}, "错", TextRefused),
    ({"title": "长" * 201}, "错", TextRefused),
])  # fmt: skip
def test_a_correction_without_a_reason_or_a_name_is_refused(db, contest, changes, reason, error):
    entry = db.scalars(select(Entry)).first()
    with pytest.raises(error):
        reviewing.correct(db, contest, entry=entry, changes=changes, reason=reason, by=OFFICE, now=NOW)


def test_one_form_may_come_in_later_but_not_in_the_past_and_not_once_it_is_in(db, contest, reviewer):
    form = add_registration(db, contest, state=RegistrationState.DRAFT)
    reviewing.extend(db, contest, registration=form, until=later(3600), now=NOW)
    assert form.extended_until == later(3600)
    with pytest.raises(DeadlinePast):
        reviewing.extend(db, contest, registration=form, until=NOW, now=NOW)
    done = add_registration(db, contest)
    approve(db, contest, done, reviewer)
    with pytest.raises(AlreadyDecided):
        reviewing.extend(db, contest, registration=done, until=later(60), now=NOW)


def test_two_reviewers_at_once_make_one_entry(database_url, tmp_path):
    engine = open_engine(Settings(instance=tmp_path, database_url=database_url))
    Base.metadata.create_all(engine)
    with writing(engine) as db:
        contest = add_contest(db)
        people = [add_reviewer(db, f"r{n}", f"审核{n}").id for n in (1, 2)]
        form = add_registration(db, contest).id
        contest_id = contest.id
    told, gate = [], threading.Barrier(2)

    def review(person: int) -> None:
        gate.wait()
        try:
            with writing(engine) as db:
                held, registration = db.get_one(Contest, contest_id), db.get_one(Registration, form)
                reviewer = db.get_one(Account, person)
                approve(db, held, registration, reviewer, seen=1)
            told.append("made")
        except AlreadyDecided as refused:
            told.append(refused.args_["who"])

    threads = [threading.Thread(target=review, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as db:
        assert len(db.scalars(select(Entry).where(Entry.code >= "04")).all()) == 1
    assert sorted(told)[0] == "made" and sorted(told)[1] in ("审核1", "审核2")
    engine.dispose()
