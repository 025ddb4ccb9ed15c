"""The organizer's pages: what they list, for whom, and at what cost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from contest import queries, showing
from contest.ledger import SYSTEM
from contest.models import Role, RoundState, Seat
from tests import builders
from tests.counting import counted
from web import links
from web.db import reading, writing

HOME = "/admin/contests/xinghe"
PAGE = f"{HOME}/rounds"


def words(page: str) -> str:
    """A page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_first_page_lists_the_contests_one_has_a_part_in_with_ones_roles(app, final):
    builders.make_contest(app, slug="other", organization="别的协会")
    both = builders.make_account(app, "both", Role.CHIEF, contest=final, works_for="星河市科学技术协会")
    page = builders.client_of(app, both).get("/admin").text
    assert ("/ops/xinghe" in page, "/ops/other" in page) == (True, False)
    assert "组委会、总裁判" in words(page)
    assert "决赛 评分中" in words(page)


def test_who_has_no_contest_reads_why_and_where_to_go(as_role):
    assert "您还没有参与任何比赛" in as_role(None).get("/admin").text


def test_the_table_says_how_many_seats_have_submitted_and_what_is_out(app, as_role):
    first, second, _third = builders.appearances(app)
    builders.give_sheets(app, first)
    builders.give_sheets(app, second, seats=[1, 2])
    chief = as_role(Role.CHIEF)
    chief.post("/ops/xinghe/call", data={"appearance": first})
    chief.post("/ops/xinghe/release", data={"appearance": first})
    chief.post("/ops/xinghe/call", data={"appearance": second})
    lines = [words(row).split() for row in re.findall(r"<tr>.*?</tr>", chief.get(PAGE).text, re.DOTALL)[1:]]
    assert [(line[0], line[-4:]) for line in lines] == [
        ("01", ["7", "/", "7", "已发布"]), ("02", ["2", "/", "7", "台上"]), ("03", ["0", "/", "7", "未上台"])
    ]  # fmt: skip


@pytest.mark.parametrize("role, buttons", [
    (Role.ORGANIZER, {"move_round", "cards", "revoke_card", "add_screen"}), (Role.CHIEF, {"move_round", "revoke_card"}),
    (Role.SCOREKEEPER, set()), (Role.SUPERVISOR, set()),
])  # fmt: skip
def test_each_role_is_offered_what_it_may_do(as_role, role, buttons):
    page = as_role(role).get(PAGE).text
    marks = {"move_round": "/rounds/final/state", "cards": f"{HOME}/cards", "revoke_card": "/revoke",
             "add_screen": f'action="{HOME}/screens"'}
    assert {name for name, mark in marks.items() if mark in page} == buttons


def test_a_card_link_is_shown_to_organizers_only(as_role):
    assert "/judge/" in as_role(Role.ORGANIZER).get(PAGE).text
    others = (Role.CHIEF, Role.SCOREKEEPER, Role.SUPERVISOR)
    assert [role for role in others if "/judge/" in as_role(role).get(PAGE).text] == []


def test_the_pages_ask_the_database_as_often_for_many_rows_as_for_one(app):
    counts = set()
    for number, (entries, judges) in enumerate(((1, 1), (3, 7), (40, 9))):
        slug = f"c{number}"
        builders.make_contest(app, slug=slug, entries=entries, judges=judges)
        client = builders.client_of(app, builders.make_account(app, slug, Role.ORGANIZER, contest=slug))
        with counted(app) as page:
            assert client.get(f"/admin/contests/{slug}/rounds").status_code == 200
        with counted(app) as cards:
            assert client.get(f"/admin/contests/{slug}/cards").status_code == 200
        counts.add((len(page), len(cards)))
    assert len(counts) == 1, counts


def test_the_first_page_asks_as_often_for_three_contests_as_for_one(app):
    for slug in ("a", "b", "c"):
        builders.make_contest(app, slug=slug)
    counts = set()
    for username, roles in (("one", ["a"]), ("three", ["a", "b", "c"])):
        account = builders.make_account(app, username, Role.CHIEF, contest=roles[0])
        for slug in roles[1:]:
            builders.add_duty(app, account, slug, Role.CHIEF)
        with counted(app) as statements:
            assert builders.client_of(app, account).get("/admin").text.count("contest-card__tools") == len(roles)
        counts.add(len(statements))
    assert len(counts) == 1, counts


def test_cards_carry_the_seats_newest_link_and_never_a_revoked_one(app, as_role):
    client = as_role(Role.ORGANIZER)
    with app.app_context(), reading() as db:
        seat = db.scalars(select(Seat).order_by(Seat.number)).first()
    with app.test_request_context():
        old = links.card_token(seat)
    assert client.get(f"{PAGE}").text.count(old) == 2
    answer = client.post(f"{HOME}/seats/{seat.public_id}/revoke")
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert (old in page, "第 1 席的旧卡已停用，请打印新卡。" in page) == (False, True)
    assert client.get(f"/judge/{old}").text != client.get("/login").text
    only = client.get(f"{HOME}/cards?seat={seat.public_id}").text
    assert only.count('class="judge-card"') == 1


@pytest.mark.parametrize("judges, sheets", [(1, 1), (10, 1), (11, 2), (0, 0)])
def test_ten_cards_go_on_a_sheet(app, judges, sheets):
    slug = builders.make_contest(app, slug="many", judges=judges)
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=slug))
    page = client.get("/admin/contests/many/cards").text
    assert (page.count('class="sheet"'), page.count('class="judge-card"')) == (sheets, judges)
    assert ("没有可以打印的卡" in page) == (judges == 0)


def test_codes_that_only_this_computer_can_open_are_warned_about(app, as_role):
    client = as_role(Role.ORGANIZER)
    assert "只有这台电脑能打开" in client.get(f"{HOME}/cards").text
    app.config["PUBLIC_URL"] = "http://192.168.1.10:8000"
    page = client.get(f"{HOME}/cards").text
    assert "只有这台电脑能打开" not in page
    assert "http://192.168.1.10:8000/" in page


def test_a_screen_gets_a_link_that_opens_and_can_be_replaced(app, as_role):
    client = as_role(Role.ORGANIZER)
    client.post(f"{HOME}/screens", data={"name": " 主屏 "})
    link = re.search(r'href="http://localhost(/screen/[^"]+)"', client.get(PAGE).text)[1]
    assert client.get(link).status_code == 200
    twice = client.post(f"{HOME}/screens", data={"name": "主屏"}, headers={"Accept": "application/json"})
    assert (twice.status_code, twice.json["error"]["code"]) == (409, "name_taken")
    address = re.search(rf'action="({HOME}/screens/[^"]+/revoke)"', client.get(PAGE).text)[1]
    assert client.post(address).status_code == 303
    assert client.get(link).status_code == 404
    assert client.post(f"{HOME}/screens", data={"name": " "}).status_code == 400


def test_a_released_and_a_withdrawn_score_are_told_apart(app, as_role):
    first = builders.appearances(app)[0]
    builders.give_sheets(app, first)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        appearance = queries.appearance_of(db, contest, first)
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=builders.NOW)
        showing.withdraw_release(db, contest, appearance=appearance, note="更正", by=SYSTEM, now=builders.NOW)
    assert "7 / 7 成绩已撤回" in words(as_role(Role.SUPERVISOR).get(PAGE).text)


def test_a_substitute_stands_beside_the_judge_with_what_each_judges(app, as_role):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        builders.add_substitute(db, contest, seat=4, name="陶望之", first=2)
    line = words(as_role(Role.ORGANIZER).get(PAGE).text)
    assert "陶望 第 1–1 位 、 陶望之 第 2– 位" in line


def test_every_state_of_a_round_has_its_page(app, as_role):
    client = as_role(Role.ORGANIZER)
    for state in RoundState:
        with app.app_context(), writing() as db:
            queries.round_of(db, queries.contest_by_slug(db, "xinghe"), "final").state = state
        assert client.get(PAGE).status_code == 200
