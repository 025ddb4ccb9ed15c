"""The people of a contest: judges, substitutes and absences; staff, their roles and one-time codes."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest import staffing
from contest.models import Account, Duty, Role, Ruling, Seat, Sitting
from tests import builders
from web.db import reading

PEOPLE = "/admin/contests/xinghe/people"
OFFICE = "星河市科学技术协会"
CODE = re.compile(r"codes__code num\">([2-9A-Z-]{14})<")


def words(page: str) -> str:
    """A page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def office(app: Flask, final: str) -> FlaskClient:
    """A browser of somebody who works for the contest's organization."""
    return builders.client_of(app, builders.make_account(app, "lin", works_for=OFFICE, name="江晚"))


def seat_of(app: Flask, number: int) -> Seat:
    """A seat with its sittings' ids loaded."""
    with app.app_context(), reading() as db:
        return db.scalars(select(Seat).where(Seat.number == number)).one()


def names(app: Flask) -> list[str]:
    """The judges' names by seat."""
    with app.app_context(), reading() as db:
        return [each.person.name for each in db.scalars(select(Sitting).join(Seat).order_by(Seat.number, Sitting.id))]


def account_of(app: Flask, username: str) -> Account:
    """An account by its name."""
    with app.app_context(), reading() as db:
        return db.scalars(select(Account).where(Account.username == username)).one()


def roles_of(app: Flask, username: str) -> set[Role]:
    """The roles an account has."""
    with app.app_context(), reading() as db:
        return {duty.role for duty in db.scalars(select(Duty).join(Account).where(Account.username == username))}


def test_a_judge_is_added_renamed_and_removed(app, office):
    assert office.post(f"{PEOPLE}/judges", data={"judge-name": "石磊"}).status_code == 303
    assert names(app)[-1] == "石磊"
    seat = seat_of(app, 8).public_id
    with app.app_context(), reading() as db:
        sitting = db.scalars(select(Sitting).join(Seat).where(Seat.number == 8)).one().public_id
    office.post(f"{PEOPLE}/seats/{seat}", data={"act": "rename", "sitting": sitting, f"{sitting}-name": "石磊之"})
    assert names(app)[-1] == "石磊之"
    office.post(f"{PEOPLE}/seats/{seat}", data={"act": "remove"})
    assert len(names(app)) == 7
    assert office.post(f"{PEOPLE}/seats/{seat}", data={"act": "remove"}).status_code == 404


def test_a_judge_without_a_name_is_refused(office):
    answer = office.post(f"{PEOPLE}/judges", data={"judge-name": "  "})
    assert (answer.status_code, 'href="#judge-name"' in answer.text) == (422, True)


def test_a_judge_of_another_seat_is_not_renamed_through_this_one(app, office):
    with app.app_context(), reading() as db:
        sitting = db.scalars(select(Sitting).join(Seat).where(Seat.number == 2)).one().public_id
    address = f"{PEOPLE}/seats/{seat_of(app, 1).public_id}"
    assert office.post(address, data={"act": "rename", "sitting": sitting, f"{sitting}-name": "x"}).status_code == 404


def test_a_substitute_sits_from_a_number_on(app, office):
    seat = seat_of(app, 4).public_id
    values = {"act": "substitute", "round": "final", f"{seat}-first": "2", f"{seat}-substitute": "陶望之"}
    assert office.post(f"{PEOPLE}/seats/{seat}", data=values).status_code == 303
    assert "陶望 第 1–1 位 、 陶望之 第 2– 位" in words(office.get(PEOPLE).text)
    refused = office.post(f"{PEOPLE}/seats/{seat}", data=values)
    assert (refused.status_code, "替补最早从第 3 位" in refused.text, "陶望之" in refused.text) == (422, True, True)


def test_an_absent_judge_is_noted_with_a_reason_and_comes_after_all(app, office):
    seat = seat_of(app, 3).public_id
    empty = office.post(f"{PEOPLE}/seats/{seat}", data={"act": "absent", "round": "final", f"{seat}-reason": " "})
    assert (empty.status_code, f'href="#{seat}-reason"' in empty.text) == (422, True)
    office.post(f"{PEOPLE}/seats/{seat}", data={"act": "absent", "round": "final", f"{seat}-reason": "生病"})
    assert "决赛整轮缺席：生病" in office.get(PEOPLE).text
    with app.app_context(), reading() as db:
        ruling = db.scalars(select(Ruling)).one().public_id
    office.post(f"{PEOPLE}/seats/{seat}", data={"act": "present", "ruling": ruling})
    assert "整轮缺席：" not in office.get(PEOPLE).text


def test_a_seat_that_has_marked_says_why_it_stays(app, office):
    builders.give_sheets(app, builders.appearances(app)[0], seats=[1])
    seat = seat_of(app, 1).public_id
    answer = office.post(f"{PEOPLE}/seats/{seat}", data={"act": "remove"})
    assert (answer.status_code, "第 1 席已经打过分" in answer.text) == (422, True)
    assert office.post(f"{PEOPLE}/seats/{seat}", data={"act": "nothing"}).status_code == 404


def test_new_staff_get_an_account_whose_code_is_shown_once_and_opens(app, office):
    values = {"new-name": "乔木", "new-username": "qiao", "role-scorekeeper": "1", "role-timer": "1"}
    answer = office.post(f"{PEOPLE}/staff", data=values)
    assert answer.status_code == 303
    code = CODE.search(office.get(answer.location).text)[1]
    with app.app_context(), reading() as db:
        assert staffing.account_of_code(db, code=code, now=builders.NOW).username == "qiao"
    assert CODE.search(office.get(PEOPLE).text) is None
    assert roles_of(app, "qiao") == {Role.SCOREKEEPER, Role.TIMER}


@pytest.mark.parametrize("values, where", [
    ({"new-username": "qiao", "new-name": "乔木"}, "new-roles"), ({"role-mc": "1", "new-name": "乔木"}, "new-username"),
    ({"role-mc": "1", "new-username": "qiao"}, "new-name"),
    ({"role-mc": "1", "new-username": "a b", "new-name": "乔木"}, "new-username"),
    ({"role-mc": "1", "new-username": "stranger", "new-name": "乔木"}, "new-username"),
])  # fmt: skip
def test_staff_that_do_not_fit_are_refused_and_nobody_is_made(app, office, values, where):
    builders.make_account(app, "stranger", works_for="别的协会")
    answer = office.post(f"{PEOPLE}/staff", data=values)
    assert (answer.status_code, f'href="#{where}"' in answer.text) == (422, True)
    assert roles_of(app, "stranger") == set()


def test_roles_are_given_and_taken_and_the_last_organizer_stays(app, final):
    me = builders.make_account(app, "me", Role.ORGANIZER, contest=final)
    client = builders.client_of(app, me)
    refused = client.post(f"{PEOPLE}/staff/{me}", data={"act": "roles", "role-mc": "1"})
    assert (refused.status_code, "最后一位能管理比赛的人" in refused.text) == (422, True)
    assert roles_of(app, "me") == {Role.ORGANIZER}
    other = builders.make_account(app, "other", Role.MC, contest=final)
    client.post(f"{PEOPLE}/staff/{other}", data={"act": "roles", "role-organizer": "1", "role-caller": "1"})
    assert roles_of(app, "other") == {Role.ORGANIZER, Role.CALLER}


def test_a_code_is_made_anew_and_an_account_shut_out_and_let_in(app, final, office):
    builders.make_account(app, "qiao", Role.MC, contest=final)
    address = f"{PEOPLE}/staff/{account_of(app, 'qiao').public_id}"
    office.post(address, data={"act": "code"})
    assert CODE.search(office.get(PEOPLE).text)
    office.post(address, data={"act": "disable"})
    assert account_of(app, "qiao").disabled_at is not None
    assert "已停用" in office.get(PEOPLE).text
    office.post(address, data={"act": "enable"})
    assert account_of(app, "qiao").disabled_at is None


def test_an_organizer_of_one_contest_cannot_take_over_the_offices_account(app, final, office):
    organizer = builders.client_of(app, builders.make_account(app, "org", Role.ORGANIZER, contest=final))
    address = f"{PEOPLE}/staff/{account_of(app, 'lin').public_id}"
    for act in ("code", "disable"):
        assert organizer.post(address, data={"act": act}).status_code == 403
    assert account_of(app, "lin").code_hash is None


def test_somebody_without_a_part_in_the_contest_is_not_there(app, office):
    outsider = builders.make_account(app, "outsider")
    assert office.post(f"{PEOPLE}/staff/{outsider}", data={"act": "code"}).status_code == 404


def test_every_role_has_a_word_of_its_own_in_both_languages(office):
    for lang, words_ in (("zh", ("检录员", "主持人", "大屏操作员")), ("en", ("Caller", "MC", "Screen operator"))):
        page = office.get(f"{PEOPLE}?lang={lang}").text
        assert [word for word in words_ if word not in page] == []
