"""A guardian's consent: who needs it on which day, once given, given again, taken back before and after approval."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from contest import answers, consenting
from contest.errors import Malformed, TextRefused
from contest.models import ConsentBy, Entry, Material, Registration, RegistrationState, Slot, StoredFile
from tests.builders import NOW, later


@pytest.fixture
def form(db, contest):
    """A draft of a child born on 17 May 2012; the contest is on 16 May 2026, when the child is still thirteen."""
    contest.starts_at = datetime(2026, 5, 16, 1, tzinfo=UTC)
    made = Registration(
        contest=contest, answers=answers.write({"name": "张小明", "birth_date": "2012-05-17"}), code_hash="x",
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def give(db, form, **changed):
    said = {"guardian": "李娜", "relation": "mother", "now": NOW} | changed
    return consenting.give_by_link(db, form, **said)


def signed(db, form, contest, sha="a" * 64):
    file = StoredFile(
        contest_id=contest.id, sha256=sha, name="同意书.pdf", media_type="application/pdf", size=9, stored_at=NOW
    )
    db.add(file)
    db.flush()
    return consenting.give_by_form(db, form, guardian="李娜", relation="mother", file=file, now=NOW)


@pytest.mark.parametrize("born, needed", [
    ("2012-05-16", False), ("2012-05-17", True), ("2012年5月17日", True), ("", False), ("2012-02-30", False),
])  # fmt: skip
def test_who_is_thirteen_on_the_day_of_the_contest_needs_consent(form, born, needed):
    form.answers = answers.write({"birth_date": born})
    assert consenting.needs_consent(form, now=NOW) is needed


def test_the_day_is_the_contests_own_and_today_where_it_is_not_set(form, contest):
    # 17 May has begun in Shanghai, not yet in UTC.
    contest.starts_at = datetime(2026, 5, 16, 17, tzinfo=UTC)
    assert not consenting.needs_consent(form, now=NOW)
    contest.starts_at = None
    assert consenting.needs_consent(form, now=NOW)
    assert not consenting.needs_consent(form, now=datetime(2026, 5, 17, 4, tzinfo=UTC))


def test_a_consent_keeps_who_when_and_which_wording(db, form):
    made = give(db, form, guardian=" 李\u202e娜 ")
    assert (made.guardian, made.relation, made.wording, made.given_at, made.method) == (
        "李娜", "mother", consenting.WORDING, NOW, ConsentBy.LINK
    )  # fmt: skip
    assert consenting.has_consent(form)


def test_pressing_twice_makes_one_consent(db, form):
    assert give(db, form) is give(db, form, guardian="别人", now=later(9))
    assert len(form.consents) == 1


@pytest.mark.parametrize("changed, error", [
    ({"guardian": " "}, TextRefused), ({"guardian": "长" * 61}, TextRefused), ({"relation": "uncle"}, Malformed),
])  # fmt: skip
def test_a_consent_without_a_name_or_relation_is_refused(db, form, changed, error):
    with pytest.raises(error):
        give(db, form, **changed)
    assert not consenting.has_consent(form)


def test_a_signed_form_is_kept_and_a_newer_one_takes_its_place(db, form, contest):
    signed(db, form, contest)
    second = signed(db, form, contest, "b" * 64)
    kept = db.scalars(select(Material).where(Material.slot == Slot.CONSENT).order_by(Material.id)).all()
    assert [each.replaced_at for each in kept] == [NOW, None]
    assert (second.method, second.material_id) == (ConsentBy.FORM, kept[1].id)


def test_withdrawing_makes_a_waiting_form_incomplete_again(db, form):
    give(db, form)
    form.state, form.receipt = RegistrationState.SUBMITTED, "R-0001"
    version = form.version
    consenting.withdraw_consent(db, form, now=later(60))
    assert (form.state, form.consents[0].withdrawn_at, form.version) == (
        RegistrationState.DRAFT, later(60), version + 1
    )  # fmt: skip
    assert not consenting.has_consent(form)
    consenting.withdraw_consent(db, form, now=later(90))
    assert (form.consents[0].withdrawn_at, form.version) == (later(60), version + 1)
    give(db, form, now=later(99))
    assert (consenting.has_consent(form), len(form.consents)) == (True, 2)


def test_withdrawing_after_approval_keeps_the_entry_and_tells_the_organizer(db, form):
    given = give(db, form)
    form.entry_id, form.receipt, form.state = db.scalars(select(Entry.id)).first(), "R-1", RegistrationState.APPROVED
    assert consenting.lost_consent(form, now=NOW) is None
    consenting.withdraw_consent(db, form, now=later(60))
    assert form.state is RegistrationState.APPROVED
    assert consenting.lost_consent(form, now=NOW) is given
    give(db, form, now=later(70))
    assert consenting.lost_consent(form, now=NOW) is None
