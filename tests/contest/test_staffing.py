"""Accounts of staff: made without a password, opened once with a code, given and taken roles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from contest import staffing
from contest.errors import CodeExpired, Malformed, NameTaken, TextRefused
from contest.models import Account, Duty, Membership, Role
from tests.builders import NOW


@pytest.fixture
def account(db) -> Account:
    return staffing.create_account(db, username="jiangwan", display_name=" 江\u200b晚 ", now=NOW)


def test_a_new_account_opens_with_its_code_alone(db, account):
    assert (account.display_name, account.password_hash) == ("江晚", "")
    code = staffing.issue_code(db, account=account, now=NOW)
    assert len(code) == 14
    assert code.replace("-", "") not in (account.code_hash or "")
    for typed in (code, code.lower(), code.replace("-", " ")):
        assert staffing.account_of_code(db, code=typed, now=NOW) is account


def test_a_code_is_used_once(db, account):
    code = staffing.issue_code(db, account=account, now=NOW)
    staffing.set_password(db, account=account, password_hash="hash")
    with pytest.raises(CodeExpired):
        staffing.account_of_code(db, code=code, now=NOW)


def test_a_newer_code_ends_the_one_before(db, account):
    old, new = (staffing.issue_code(db, account=account, now=NOW) for _ in range(2))
    with pytest.raises(CodeExpired):
        staffing.account_of_code(db, code=old, now=NOW)
    assert staffing.account_of_code(db, code=new, now=NOW) is account


def test_a_code_lasts_two_weeks_and_not_for_a_disabled_account(db, account):
    code = staffing.issue_code(db, account=account, now=NOW)
    with pytest.raises(CodeExpired):
        staffing.account_of_code(db, code=code, now=NOW + timedelta(days=14))
    account.disabled_at = NOW
    db.flush()
    with pytest.raises(CodeExpired):
        staffing.account_of_code(db, code=code, now=NOW)


@pytest.mark.parametrize("username, error", [
    ("jiangwan", NameTaken), ("", TextRefused), ("x" * 65, TextRefused), ("jiang wan", Malformed),
])  # fmt: skip
def test_a_username_is_one_word_and_its_own(db, account, username, error):
    with pytest.raises(error):
        staffing.create_account(db, username=username, display_name="江晚", now=NOW)


def test_a_role_is_held_once_and_can_be_taken(db, contest, account):
    for _ in range(2):
        staffing.give_role(db, contest, account=account, role=Role.STEWARD)
    held = select(func.count()).select_from(Duty).where(Duty.account_id == account.id)
    assert db.scalar(held) == 1
    for _ in range(2):
        staffing.take_role(db, contest, account=account, role=Role.STEWARD)
    assert db.scalar(held) == 0


def test_an_account_joins_an_organization_once(db, contest, account):
    for _ in range(2):
        staffing.join_organization(db, account=account, organization=contest.organization)
    assert db.scalar(select(func.count()).select_from(Membership).where(Membership.account_id == account.id)) == 1
