"""The review's pages: what the queue lists, what a form shows, each decision, and what is said where it cannot be."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import queries, reviewing
from contest.models import Delegation, Entry, Registration, RegistrationState, Role, Slot
from tests import builders
from tests.counting import counted
from tests.registrations import add_file, add_registration, add_reviewer, submit
from web.db import reading, writing

ROOM = "/admin/contests/xinghe/entries"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def office(as_role):
    return as_role(Role.ORGANIZER)


@pytest.fixture
def make(app, final):
    """Make a form; returns its public id."""

    def made(**changed):
        with app.app_context(), writing() as db:
            return add_registration(db, queries.contest_by_slug(db, final), **changed).public_id

    return made


def stored(app, public_id):
    with app.app_context(), reading() as db:
        found = db.scalars(select(Registration).where(Registration.public_id == public_id)).one()
        return found, found.entry, list(found.submissions)


def change(app, public_id, act):
    with app.app_context(), writing() as db:
        found = db.scalars(select(Registration).where(Registration.public_id == public_id)).one()
        act(db, found)


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def approve(client, form, **data):
    return client.post(f"{ROOM}/{form}/approve", data={"seen": 1} | data)


def test_the_queue_lists_a_state_with_its_count_and_finds_names_units_titles_and_receipts(app, office, make):
    one, two = make(name="梅子衿", title="红树林"), make(name="潘子怀", unit="盐务所")
    make(state=RegistrationState.DRAFT, name="万里云")
    page = office.get(ROOM).text
    assert (one in page, two in page, "万里云" in page) == (True, True, False)
    assert "待审核 2 已退回 0 已通过 3 草稿 1 选手撤回 0" in words(page)
    assert "万里云" in office.get(f"{ROOM}?state=draft").text
    receipt = stored(app, two)[0].receipt
    for asked, found in (("红树", one), ("盐务", two), ("潘", two), (receipt, two)):
        page = office.get(f"{ROOM}?q={asked}").text
        assert [form for form in (one, two) if f"{form}?" in page] == [found]
    assert "没有符合条件的报名" in office.get(f"{ROOM}?q=没有这个人").text
    assert office.get(f"{ROOM}?state=junk").status_code == 200


def test_entries_that_came_without_a_form_are_listed_as_approved_and_open(app, office):
    page = office.get(f"{ROOM}?state=approved").text
    assert "沈知遥" in page
    address = re.search(r'href="(/admin/contests/xinghe/accepted/[^"?]+)', page)[1]
    assert "沈知遥" in office.get(address).text


def test_a_form_shows_what_changed_since_it_was_returned_with_the_old_value(app, office, make):
    form = make(birth_date="2011-03-04")

    def mend(db, found):
        account = add_reviewer(db)
        add_file(db, found, Slot.PHOTO)
        reviewing.return_to(
            db, found.contest, registration=found, account=account, seen=found.version, reason="出生日期与证件不一致",
            fields=["birth_date"], now=builders.NOW,
        )
        submit(db, found, birth_date="2001-03-04")
        for each in found.materials:
            each.added_at = builders.NOW + timedelta(hours=1)

    change(app, form, mend)
    page = words(office.get(f"{ROOM}/{form}").text)
    assert "退回后改了 2 处" in page and "出生日期与证件不一致" in page
    assert "原： 2011-03-04" in page and "已补" in page
    assert page.count("已改") == 1


def test_an_approval_makes_an_entry_and_opens_the_next_form(app, office, make):
    one, two = make(), make(name="潘子怀")
    answer = approve(office, one)
    assert (answer.status_code, answer.location) == (303, f"{ROOM}/{two}")
    form, entry, _submissions = stored(app, one)
    assert (form.state, entry.code) == (RegistrationState.APPROVED, "04")
    assert "已通过，编号 04" in office.get(answer.location).text
    assert approve(office, two).location == ROOM


def test_the_second_reviewer_reads_who_decided_and_when(app, office, make, final):
    form = make()
    other = builders.client_of(app, builders.make_account(app, "other", Role.ORGANIZER, contest=final, name="程岫"))
    other.post(f"{ROOM}/{form}/return", data={"seen": 1, "reason": "照片", "fields": "photo"})
    late = approve(office, form)
    assert late.status_code == 409
    assert re.search(r"程岫 已在 \d\d-\d\d \d\d:\d\d 退回了这份报名", late.text)
    told = office.post(f"{ROOM}/{form}/approve", data={"seen": 1}, headers=SCRIPT)
    assert told.json["error"]["code"] == "already_decided"


def test_a_form_that_changed_meanwhile_is_shown_anew_instead_of_decided(app, office, make):
    form = make()
    change(app, form, lambda db, found: setattr(found, "version", 2))
    assert approve(office, form).status_code == 409
    assert stored(app, form)[0].state is RegistrationState.SUBMITTED


def test_over_the_quota_the_page_asks_for_a_reason_and_then_takes_it(app, office, make):
    form = make()
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        db.add(Delegation(contest_id=contest.id, name="望海县", quota=0, position=1))
    full = approve(office, form)
    assert full.status_code == 409
    assert "望海县 的名额已满（0 / 0）" in full.text and 'name="exception"' in full.text
    assert approve(office, form, exception="上届冠军").status_code == 303
    assert stored(app, form)[1].code == "04"


def test_a_child_without_consent_is_not_approved(app, office, make):
    form = make(birth_date="2020-01-01")
    assert "还没有监护人同意" in office.get(f"{ROOM}/{form}").text
    assert "还没有监护人同意，不能通过" in approve(office, form).text
    assert stored(app, form)[1] is None


def test_a_return_joins_phrases_and_words_and_unlocks_the_ticked_fields(app, office, make):
    form = make()
    answer = office.post(f"{ROOM}/{form}/return", data={
        "seen": 1, "phrase": ["单位请写全称。", "题目请写正式题目。"], "reason": "谢谢",
        "fields": ["unit", "title", "slides"],
    })  # fmt: skip
    assert answer.status_code == 303
    found, _entry, submissions = stored(app, form)
    assert found.state is RegistrationState.RETURNED
    assert submissions[-1].reason == "单位请写全称。\n题目请写正式题目。\n谢谢"
    assert json.loads(submissions[-1].fields) == ["unit", "title", "slides"]
    assert "等选手修改：单位、讲解题目、讲解幻灯片" in office.get(f"{ROOM}/{form}").text


@pytest.mark.parametrize("data, said", [
    ({"reason": "照片不清楚"}, "请至少勾选一项"), ({"fields": "photo"}, "请写明原因"),
])  # fmt: skip
def test_an_incomplete_return_keeps_what_was_typed(app, office, make, data, said):
    form = make()
    page = office.post(f"{ROOM}/{form}/return", data={"seen": 1} | data)
    assert page.status_code == 422
    assert said in page.text and 'id="return" open' in page.text
    assert data.get("reason", "") in page.text
    assert ('value="photo" checked' in page.text) == ("fields" in data)
    assert stored(app, form)[0].state is RegistrationState.SUBMITTED


def test_several_are_approved_at_once_and_those_that_cannot_are_named(app, office, make):
    good, child, changed = make(), make(name="小石头", birth_date="2020-01-01"), make(name="乐知意")
    picks = [f"{good}.1", f"{child}.1", f"{changed}.7"]
    page = office.post(f"{ROOM}/approve", data={"pick": picks}, follow_redirects=True).text
    assert "已通过 1 份" in page
    assert "小石头：选手不满 14 周岁" in page and "乐知意：选手刚刚改过" in page
    states = [stored(app, form)[0].state.value for form in (good, child, changed)]
    assert states == ["approved", "submitted", "submitted"]
    assert "还没有勾选报名" in office.post(f"{ROOM}/approve", data={}, follow_redirects=True).text


def test_many_that_cannot_be_approved_are_counted_after_the_first_few(office, make):
    picks = [f"{make(name=f'第{n}位', birth_date='2020-01-01')}.1" for n in range(9)]
    page = office.post(f"{ROOM}/approve", data={"pick": picks}, follow_redirects=True).text
    assert (page.count("选手不满 14 周岁"), "另有 3 份没有通过" in page) == (6, True)


def test_an_approval_by_mistake_is_taken_back_with_a_reason(app, office, make):
    form = make()
    approve(office, form)
    assert "撤销通过" in office.get(f"{ROOM}/{form}").text
    assert office.post(f"{ROOM}/{form}/undo", data={"undo_reason": ""}).status_code == 422
    assert office.post(f"{ROOM}/{form}/undo", data={"undo_reason": "点错了"}).status_code == 303
    assert (stored(app, form)[0].state, stored(app, form)[1]) == (RegistrationState.SUBMITTED, None)


def test_one_draft_may_come_in_later(app, office, make):
    form = make(state=RegistrationState.DRAFT)
    assert office.post(f"{ROOM}/{form}/extend", data={"until": "2099-05-20T18:00"}).status_code == 303
    assert stored(app, form)[0].extended_until.isoformat() == "2099-05-20T10:00:00+00:00"
    assert "允许补交至 2099-05-20 18:00" in office.get(f"{ROOM}/{form}").text
    for wrong in ("2020-01-01T00:00", "", "later"):
        assert office.post(f"{ROOM}/{form}/extend", data={"until": wrong}).status_code == 422


def test_an_added_form_comes_in_after_the_deadline_and_shows_its_code_card(app, office):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        contest.registration_closes_at = builders.NOW
    answer = office.post(f"{ROOM}/late", data={"late_until": "2099-05-20T18:00"})
    assert answer.status_code == 303
    page = office.get(answer.location).text
    code = re.search(r'code-card__code num">([0-9A-Z-]{14})<', page)[1]
    contestant = app.test_client()
    opened = contestant.post("/register/resume", data={"code": code})
    assert opened.status_code == 303
    assert contestant.get(opened.location).status_code == 200
    for wrong in ("2020-01-01T00:00", "", "soon"):
        refused = office.post(f"{ROOM}/late", data={"late_until": wrong})
        assert (refused.status_code, "field-error" in refused.text) == (422, True)


def test_a_corrected_name_is_on_the_board_at_once(app, office):
    with app.app_context(), reading() as db:
        entry = db.scalars(select(Entry).order_by(Entry.position)).first()
    address = f"/admin/contests/xinghe/accepted/{entry.public_id}"
    silent = office.post(address, data={"name": "沈知遙"})
    assert (silent.status_code, "请写明原因" in silent.text, 'value="沈知遙"' in silent.text) == (422, True, True)
    assert office.post(address, data={"name": " ", "correction": "错"}).status_code == 422
    assert office.post(address, data={"name": "沈知遙", "correction": "以证件为准"}).status_code == 303
    assert "沈知遙" in office.get("/contests/xinghe/frame.json").text
    assert "内容没有变化" in office.post(address, data={"name": "沈知遙"}, follow_redirects=True).text


def test_files_open_and_save_and_only_those_of_the_form(app, office, make, tmp_path):
    form, other = make(), make()
    ids = {}

    def attach(db, found):
        made = add_file(db, found, Slot.PHOTO)
        place = tmp_path / "uploads" / "00" / ("0" * 64)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\xff\xd8\xff picture")
        ids["photo"] = made.public_id

    change(app, form, attach)
    shown = office.get(f"{ROOM}/{form}/files/{ids['photo']}")
    shown.close()
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    saved = office.get(f"{ROOM}/{form}/files/{ids['photo']}?save=1")
    saved.close()
    assert "attachment" in saved.headers["Content-Disposition"]
    assert office.get(f"{ROOM}/{other}/files/{ids['photo']}").status_code == 404


@pytest.mark.parametrize("seen", ["", "x", "-1", "1.5", "9" * 30, "٣"])
def test_a_version_that_is_no_number_decides_nothing(app, office, make, seen):
    form = make()
    assert office.post(f"{ROOM}/{form}/approve", data={"seen": seen}).status_code in (400, 409)
    assert stored(app, form)[1] is None


def test_the_forms_of_another_contest_are_not_there(app, office, make):
    builders.make_contest(app, slug="other", organization="别的协会")
    with app.app_context(), writing() as db:
        theirs = add_registration(db, queries.contest_by_slug(db, "other")).public_id
    assert office.get(f"{ROOM}/{theirs}").status_code == 404
    assert approve(office, theirs).status_code == 404
    assert office.post(f"{ROOM}/approve", data={"pick": f"{theirs}.1"}).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZER])
def test_nobody_else_opens_the_review(as_role, make, role):
    form, client = make(), as_role(role)
    assert [client.get(f"{ROOM}/{form}").status_code, approve(client, form).status_code] == [403, 403]


def test_the_queue_asks_as_often_for_thirty_as_for_three(app, final, office, make):
    counts = set()
    for _round in range(2):
        for _each in range(3 if not counts else 27):
            make()
        with counted(app) as statements:
            assert office.get(ROOM).status_code == 200
        counts.add(len(statements))
    assert len(counts) == 1, counts


def test_the_page_of_an_approved_form_is_in_english_too(office, make):
    form = make()
    approve(office, form)
    page = office.get(f"{ROOM}/{form}?lang=en").text
    assert "Approved" in page and not re.search(r"撤销|原因", page)
