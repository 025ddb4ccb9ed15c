"""A contestant's form: when it is open, what two devices may do to it, and what submitting it means."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from contest import admitting, answers, consenting, registering
from contest.models import ConsentBy, Decision, Delegation, Material, RegistrationState, Slot, Submission
from contest.models.registrations import Consent
from contest.refusals import AnswersChanged, FieldLocked, NotReady, RegistrationClosed
from contest.staffing import code_hash
from tests.builders import NOW
from tests.contest.forms import DAY, GOOD, add_file, code_for, codes, form, open_contest, ready, save

__all__ = ["form", "open_contest", "ready"]  # fixtures


def test_a_form_can_be_started_between_opening_and_deadline_and_while_places_are_left(db, open_contest):
    opens, closes = open_contest.registration_opens_at, open_contest.registration_closes_at
    when = {at: admitting.why_closed(db, open_contest, now=at) for at in (opens - DAY, opens, closes - DAY, closes)}
    assert list(when.values()) == ["before", None, None, "closed"]
    open_contest.quota = 4
    assert admitting.why_closed(db, open_contest, now=NOW) is None
    open_contest.quota = 3  # three entries are there already
    assert admitting.why_closed(db, open_contest, now=NOW) == "full"
    with pytest.raises(RegistrationClosed):
        registering.start_registration(db, open_contest, code_for=code_for, now=NOW)


def test_the_form_is_found_by_the_code_of_its_card_and_a_new_card_ends_the_old(db, form):
    assert form.code_hash == code_hash(code_for(form.public_id, 1))
    registering.new_code(db, form, code_for=code_for, now=NOW)
    assert (form.generation, form.code_hash) == (2, code_hash(code_for(form.public_id, 2)))


def test_answers_are_kept_as_typed_however_wrong(db, form):
    typed = {"name": " 龚\u202e𬭎 ", "birth_date": "三月四日", "phone": "138 0013 800", "title": "长" * 30}
    save(db, form, typed | {"unknown": "x"})
    assert answers.read(form.answers) == typed


@pytest.mark.parametrize("typed, kept", [("a\x00b", "ab"), ("\ud800x", "x"), ("字" * 900, "字" * 500)])
def test_what_no_database_holds_is_left_out(db, form, typed, kept):
    save(db, form, {"name": typed})
    assert answers.read(form.answers)["name"] == kept


def test_two_devices_are_told_and_nothing_is_overwritten_silently(db, form):
    seen = form.version
    save(db, form, {"title": "甲", "teacher": "王"})
    with pytest.raises(AnswersChanged) as caught:
        save(db, form, {"title": "乙"}, version=seen)
    assert caught.value.args_ == {"fields": {"title": "甲"}, "version": form.version}
    with pytest.raises(AnswersChanged):
        save(db, form, {"title": "乙"}, version=seen, base={"title": ""})
    assert answers.read(form.answers)["title"] == "甲"


def test_an_older_page_may_save_a_field_that_nobody_else_touched(db, form):
    seen = form.version
    save(db, form, {"title": "甲"})
    save(db, form, {"unit": "星河中学"}, version=seen, base={"unit": ""})
    save(db, form, {"title": "甲"}, version=seen, base={"title": ""})  # both typed the same
    assert answers.read(form.answers) == {"unit": "星河中学", "title": "甲"}


def test_saving_the_same_again_changes_no_version(db, form):
    save(db, form, {"title": "甲"})
    version = form.version
    save(db, form, {"title": "甲"})
    assert form.version == version


def test_a_delegation_is_chosen_from_the_list_and_a_full_one_is_told(db, ready):
    db.add_all([
        Delegation(contest_id=ready.contest_id, name="南屿区", position=1, quota=1),
        Delegation(contest_id=ready.contest_id, name="望海县", position=2),
    ])  # fmt: skip
    db.flush()
    assert codes(db, ready) == [("delegation", "empty")]
    save(db, ready, {"delegation": "南屿"})
    assert codes(db, ready) == [("delegation", "not_listed")]
    save(db, ready, {"delegation": "南屿区"})
    registering.submit(db, ready, now=NOW)
    other = registering.start_registration(db, ready.contest, code_for=code_for, now=NOW)
    save(db, other, GOOD | {"delegation": "南屿区"})
    add_file(db, other)
    assert codes(db, other) == [("delegation", "quota_full")]
    registering.reopen(db, ready, now=NOW)
    assert codes(db, ready) == []  # its own place is not taken twice


def test_a_child_needs_a_guardian_and_a_guardians_consent(db, ready):
    save(db, ready, {"birth_date": "2014-03-04"})
    assert codes(db, ready) == [("guardian", "empty"), ("guardian_phone", "empty"), ("consent", "no_consent")]
    save(db, ready, {"guardian": "沈远", "guardian_phone": "13900139000"})
    db.add(Consent(
        registration_id=ready.id, method=ConsentBy.LINK, guardian="沈远", wording=consenting.WORDING, given_at=NOW
    ))  # fmt: skip
    db.flush()
    db.expire(ready, ["consents"])
    assert codes(db, ready) == []


def test_submitting_cleans_the_answers_gives_a_receipt_and_keeps_what_was_submitted(db, ready):
    save(db, ready, {"name": " 龚\u202e𬭎\u200b ", "birth_date": "2008/3/4", "phone": "+86 138 0013 8000"})
    made = registering.submit(db, ready, now=NOW)
    cleaned = answers.read(ready.answers)
    assert (cleaned["name"], cleaned["birth_date"], cleaned["phone"]) == ("龚𬭎", "2008-03-04", "13800138000")
    assert (ready.state, ready.receipt, ready.submitted_at) == (RegistrationState.SUBMITTED, "R-0001", NOW)
    assert (made.number, made.answers, made.decision) == (1, ready.answers, None)


def test_receipts_are_numbered_through_and_an_unready_form_gets_none(db, ready):
    registering.submit(db, ready, now=NOW)
    second = registering.start_registration(db, ready.contest, code_for=code_for, now=NOW)
    with pytest.raises(NotReady) as caught:
        registering.submit(db, second, now=NOW)
    assert (caught.value.args_, second.receipt) == ({"count": 8}, None)
    save(db, second, GOOD)
    add_file(db, second)
    registering.submit(db, second, now=NOW)
    assert second.receipt == "R-0002"


def test_a_submitted_form_is_locked_until_it_is_made_a_draft_again(db, ready):
    registering.submit(db, ready, now=NOW)
    with pytest.raises(RegistrationClosed):
        save(db, ready, {"title": "别的"})
    with pytest.raises(RegistrationClosed):
        registering.submit(db, ready, now=NOW)
    registering.reopen(db, ready, now=NOW)
    save(db, ready, {"title": "别的"})
    registering.submit(db, ready, now=NOW)
    numbers = db.scalars(select(Submission.number).where(Submission.registration_id == ready.id)).all()
    assert (ready.receipt, list(numbers)) == ("R-0001", [1, 2])
    with pytest.raises(RegistrationClosed):
        registering.reopen(db, ready, now=NOW + 6 * DAY)


def test_after_the_deadline_a_draft_is_locked_but_for_one_that_was_let_in(db, ready):
    late = NOW + 6 * DAY
    for act in (lambda: save(db, ready, {"title": "别的"}, now=late), lambda: registering.submit(db, ready, now=late)):
        with pytest.raises(RegistrationClosed):
            act()
    ready.extended_until = NOW + 7 * DAY
    db.flush()
    save(db, ready, {"title": "别的"}, now=late)
    registering.submit(db, ready, now=late)
    assert ready.state is RegistrationState.SUBMITTED


def returned(db, form, *fields: str) -> None:
    made = registering.submit(db, form, now=NOW)
    form.state, made.decision, made.decided_at = RegistrationState.RETURNED, Decision.RETURNED, NOW
    made.reason, made.fields = "请改", json.dumps(fields)
    db.flush()


def test_a_returned_form_is_open_for_the_named_fields_only_even_past_the_deadline(db, ready):
    returned(db, ready, "title")
    late = NOW + 6 * DAY
    save(db, ready, {"title": "改好的题目", "name": GOOD["name"]}, now=late)
    with pytest.raises(FieldLocked):
        save(db, ready, {"name": "别人"}, now=late)
    with pytest.raises(FieldLocked):
        add_file(db, ready, now=late)
    with pytest.raises(RegistrationClosed):
        save(db, ready, {"title": "太晚"}, now=ready.contest.starts_at)
    registering.submit(db, ready, now=late)
    assert [each.number for each in ready.submissions] == [1, 2]


def test_another_date_of_birth_unlocks_the_guardian(db, ready):
    returned(db, ready, "birth_date")
    assert admitting.unlocked(ready) == {"birth_date", "guardian", "guardian_phone", "consent"}


def test_a_newer_file_takes_the_place_of_the_older_which_stays(db, form):
    first, second = add_file(db, form, name="a.jpg"), add_file(db, form, name="b.jpg")
    db.refresh(form)
    assert (first.replaced_at, admitting.material(form, Slot.PHOTO)) == (NOW, second)
    registering.remove_material(db, form, slot=Slot.PHOTO, now=NOW)
    assert admitting.material(form, Slot.PHOTO) is None
    assert db.scalar(select(func.count()).select_from(Material).where(Material.registration_id == form.id)) == 2


def test_slides_may_follow_a_submitted_form_until_the_contest_begins_and_a_photo_may_not(db, ready):
    registering.submit(db, ready, now=NOW)
    add_file(db, ready, Slot.SLIDES, "talk.pdf", now=NOW + 9 * DAY)
    with pytest.raises(FieldLocked):
        add_file(db, ready, Slot.PHOTO, now=NOW)
    with pytest.raises(FieldLocked):
        add_file(db, ready, Slot.SLIDES, now=NOW + 10 * DAY)


def test_who_withdraws_frees_the_place_and_cannot_come_back_by_the_same_form(db, ready):
    ready.contest.quota = 4
    db.flush()
    registering.submit(db, ready, now=NOW)
    assert admitting.why_closed(db, ready.contest, now=NOW) == "full"
    registering.withdraw(db, ready, now=NOW)
    assert admitting.why_closed(db, ready.contest, now=NOW) is None
    for act in (registering.withdraw, registering.submit, registering.reopen):
        with pytest.raises(RegistrationClosed):
            act(db, ready, now=NOW)


def test_the_last_place_goes_to_who_submits_first(db, ready):
    ready.contest.quota = 4
    db.flush()
    other = registering.start_registration(db, ready.contest, code_for=code_for, now=NOW)
    save(db, other, GOOD)
    add_file(db, other)
    registering.submit(db, other, now=NOW)
    with pytest.raises(RegistrationClosed) as caught:
        registering.submit(db, ready, now=NOW)
    assert (caught.value.args_, ready.state) == ({"why": "full"}, RegistrationState.DRAFT)
    ready.extended_until = NOW + DAY  # the organizer lets this one in
    db.flush()
    registering.submit(db, ready, now=NOW)
    assert ready.state is RegistrationState.SUBMITTED
