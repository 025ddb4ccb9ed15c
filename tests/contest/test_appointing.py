"""Who works on a contest: accounts with one-time codes, roles, and what one may do to whose account."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import appointing, staffing
from contest.entering import organization_named
from contest.errors import NameTaken, NotPermitted
from contest.models import Account, Duty, Role
from contest.refusals import LastOrganizer
from tests.builders import NOW, add_contest

OFFICE = "星河市科学技术协会"


def account(db, username, *, works_for=None):
    made = staffing.create_account(db, username=username, display_name=username, now=NOW)
    if works_for is not None:
        staffing.join_organization(db, account=made, organization=organization_named(db, works_for))
    return made


def roles_of(db, contest, who):
    return {duty.role for duty in db.scalars(
        select(Duty).where(Duty.account_id == who.id, Duty.contest_id == contest.id)
    )}  # fmt: skip


def test_a_new_name_gets_an_account_a_code_and_its_roles(db, contest):
    made = appointing.appoint(
        db, contest, username="qiao", display_name="乔木", roles=[Role.SCOREKEEPER, Role.TIMER], now=NOW
    )
    assert staffing.account_of_code(db, code=made.code, now=NOW).id == made.account.id
    assert roles_of(db, contest, made.account) == {Role.SCOREKEEPER, Role.TIMER}


def test_a_colleague_gets_the_role_only_and_a_stranger_stays_unknown(db, contest):
    account(db, "lin", works_for=OFFICE)
    other = add_contest(db, slug="other", organization=OFFICE)
    served = account(db, "served")
    staffing.give_role(db, other, account=served, role=Role.MC)
    stranger = account(db, "stranger", works_for="别的协会")
    for username in ("lin", "served"):
        made = appointing.appoint(db, contest, username=username, display_name="", roles=[Role.CHIEF], now=NOW)
        assert (made.code, Role.CHIEF in roles_of(db, contest, made.account)) == (None, True)
    with pytest.raises(NameTaken):
        appointing.appoint(db, contest, username="stranger", display_name="", roles=[Role.CHIEF], now=NOW)
    assert roles_of(db, contest, stranger) == set()


def test_the_last_who_may_organize_stays(db, contest):
    first, second = account(db, "first"), account(db, "second")
    appointing.set_roles(db, contest, account=first, roles=[Role.ORGANIZER])
    with pytest.raises(LastOrganizer):
        appointing.set_roles(db, contest, account=first, roles=[Role.MC])
    appointing.set_roles(db, contest, account=second, roles=[Role.ORGANIZER])
    appointing.set_roles(db, contest, account=first, roles=[Role.MC])
    assert roles_of(db, contest, first) == {Role.MC}
    with pytest.raises(LastOrganizer):
        appointing.set_disabled(db, contest, account=second, disabled=True, by=first, now=NOW)


def test_who_works_elsewhere_or_for_the_organization_is_not_reset_by_anybody(db, contest):
    boss, colleague = account(db, "boss", works_for=OFFICE), account(db, "colleague", works_for=OFFICE)
    helper, organizer = account(db, "helper"), account(db, "organizer")
    elsewhere, both = account(db, "elsewhere"), account(db, "both", works_for=OFFICE)
    staffing.join_organization(db, account=both, organization=organization_named(db, "别的协会"))
    other = add_contest(db, slug="other", organization="别的协会")
    for who, held in ((helper, Role.MC), (organizer, Role.ORGANIZER), (elsewhere, Role.CHIEF)):
        staffing.give_role(db, contest, account=who, role=held)
    staffing.give_role(db, other, account=elsewhere, role=Role.CHIEF)
    may = {
        (by.username, who.username): appointing.may_reset(db, contest, account=who, by=by)
        for by in (boss, organizer) for who in (colleague, helper, elsewhere, both)
    }  # fmt: skip
    assert [pair for pair, allowed in may.items() if allowed] == [
        ("boss", "colleague"), ("boss", "helper"), ("organizer", "helper"),
    ]  # fmt: skip
    with pytest.raises(NotPermitted):
        appointing.new_code(db, contest, account=colleague, by=organizer, now=NOW)
    with pytest.raises(NotPermitted):
        appointing.set_disabled(db, contest, account=boss, disabled=True, by=boss, now=NOW)


def test_a_disabled_account_comes_back_as_it_was(db, contest):
    boss = account(db, "boss", works_for=OFFICE)
    made = appointing.appoint(db, contest, username="mc", display_name="某", roles=[Role.MC], now=NOW).account
    appointing.set_disabled(db, contest, account=made, disabled=True, by=boss, now=NOW)
    assert db.scalars(select(Account).where(Account.username == "mc")).one().disabled_at == NOW
    appointing.set_disabled(db, contest, account=made, disabled=False, by=boss, now=NOW)
    assert (made.disabled_at, roles_of(db, contest, made)) == (None, {Role.MC})
