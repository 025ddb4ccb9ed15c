"""The door's pages: what a scan answers, for whom, twice, and from a code that is not ours."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from contest import queries
from contest.models import CheckIn, Entry, LedgerRow, Role
from tests import builders
from tests.counting import counted
from web import links
from web.db import reading, writing

DOOR = "/checkin/xinghe"
JSON = {"Accept": "application/json"}


def token(app, code="01"):
    with app.test_request_context(), reading() as db:
        return links.pass_token(db.scalars(select(Entry).where(Entry.code == code)).one())


def entry_id(app, code="01"):
    with app.app_context(), reading() as db:
        return db.scalars(select(Entry.public_id).where(Entry.code == code)).one()


def scan(client, **form):
    return client.post(DOOR, data={"door": "南门", **form}, headers=JSON)


@pytest.fixture
def steward(app, final):
    account = builders.make_account(app, "steward", Role.STEWARD, contest=final, name="李志愿")
    return builders.client_of(app, account)


def test_a_scanned_pass_checks_in_and_a_second_scan_says_who_and_when(app, steward):
    code = f"http://192.168.1.10:8000/pass/{token(app)}"
    first = scan(steward, code=code).json
    assert (first["result"], first["guest"]["name"], first["counts"]) == ("ok", "沈知遥", [1, 3])
    again = scan(steward, code=code, door="北门").json
    came = again["guest"]["came"]
    assert (again["result"], came["door"], came["who"], again["counts"]) == ("again", "南门", "李志愿", [1, 3])


def test_opening_a_pass_changes_nothing_and_its_button_checks_in(app, steward):
    page = steward.get(f"/pass/{token(app)}")
    assert (page.status_code, "沈知遥" in page.text) == (200, True)
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(CheckIn)) == 0
    answer = steward.post(DOOR, data={"entry": entry_id(app), "door": "南门"})
    assert answer.status_code == 303
    shown = steward.get(answer.location).text
    assert 'class="verdict verdict--ok"' in shown
    again = steward.post(DOOR, data={"entry": entry_id(app), "door": "南门"})
    assert 'class="verdict verdict--again"' in steward.get(again.location).text
    assert "南门 · 李志愿" in steward.get(f"/pass/{token(app)}").text


@pytest.mark.parametrize("who", ["anonymous", "outsider", "judge's chief"])
def test_a_pass_tells_everybody_else_only_whose_contest_it_is(app, final, who):
    account = {
        "anonymous": lambda: None, "outsider": lambda: builders.make_account(app, "outsider"),
        "judge's chief": lambda: builders.make_account(app, "chief", Role.CHIEF, contest=final),
    }[who]()  # fmt: skip
    page = builders.client_of(app, account).get(f"/pass/{token(app)}")
    assert page.status_code == 200
    assert "第八届星河市科普讲解大赛" in page.text
    assert [word for word in ("沈知遥", "月球", "南屿区") if word in page.text] == []


def test_an_invented_or_altered_pass_is_nothing(app, steward):
    genuine = token(app)
    for wrong in ("x", genuine[:-2] + "zz", genuine.replace(".1.", ".2.")):
        assert steward.get(f"/pass/{wrong}").status_code == 404
        assert scan(steward, code=f"http://h/pass/{wrong}").json["result"] == "unknown"


def test_a_pass_of_another_contest_is_not_found_here(app, steward):
    builders.make_contest(app, slug="other", organization="别的协会")
    with app.test_request_context(), reading() as db:
        other = queries.contest_by_slug(db, "other")
        theirs = db.scalars(select(Entry).where(Entry.contest_id == other.id)).first()
        code, public_id = links.pass_token(theirs), theirs.public_id
    assert scan(steward, code=f"http://h/pass/{code}").json["result"] == "unknown"
    assert steward.post(DOOR, data={"entry": public_id}).status_code == 404


def test_a_number_or_a_name_checks_in_and_several_are_offered(app, steward):
    assert scan(steward, code="3").json["guest"]["name"] == "石北辰"
    several = scan(steward, code="市").json
    assert (several["result"], [each["number"] for each in several["guests"]]) == ("several", ["02", "03"])
    assert scan(steward, code="没有这个人").json["result"] == "unknown"
    typed = steward.post(DOOR, data={"code": "没有这个人"})
    assert "未找到" in steward.get(typed.location).text


@pytest.mark.parametrize("code", ["", " ", "%", "/pass/", "http://[", "<script>", "a" * 5000, "=1+1"])
def test_nothing_that_can_be_typed_breaks_the_door(app, steward, code):
    assert scan(steward, code=code).json["result"] == "unknown"
    assert steward.get(DOOR, query_string={"q": code}).status_code == 200


def test_the_same_press_twice_is_one_check_in(app, steward):
    for _ in range(2):
        assert scan(steward, code="1", press="p-1", waited="600").json["result"] == "ok"
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(LedgerRow).where(LedgerRow.action == "checked_in")) == 1


def test_a_check_in_is_taken_back_and_the_list_follows(app, steward):
    came = scan(steward, code="1").json["guest"]["came"]["id"]
    undone = steward.post(f"{DOOR}/undo", data={"check_in": came}, headers=JSON).json
    assert (undone["result"], undone["guest"]["came"], undone["counts"]) == ("undone", None, [0, 3])
    assert steward.post(f"{DOOR}/undo", data={"check_in": came}).status_code == 303
    assert steward.post(f"{DOOR}/undo", data={"check_in": "unknown"}).status_code == 404
    listed = steward.get(f"{DOOR}/list.json").json
    assert (listed["counts"], len(listed["guests"])) == ([0, 3], 3)


def test_undoing_late_without_a_reason_says_what_is_missing(app, steward):
    came = scan(steward, code="1").json["guest"]["came"]["id"]
    with app.app_context(), writing() as db:
        db.scalars(select(CheckIn)).one().at = builders.NOW
    refused = steward.post(f"{DOOR}/undo", data={"check_in": came}, headers=JSON)
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "reason_missing")


def test_a_device_remembers_its_door(app, steward):
    steward.post(DOOR, data={"code": "1", "door": "东门"})
    assert 'value="东门"' in steward.get(DOOR).text


def test_the_list_asks_as_often_for_forty_as_for_one(app):
    counts = set()
    for number, entries in enumerate((1, 40)):
        slug = builders.make_contest(app, slug=f"c{number}", entries=entries)
        account = builders.make_account(app, slug, Role.STEWARD, contest=slug)
        client = builders.client_of(app, account)
        with app.app_context(), reading() as db:
            contest = queries.contest_by_slug(db, slug)
            codes = list(db.scalars(select(Entry.public_id).where(Entry.contest_id == contest.id)))
        for each in codes:
            client.post(f"/checkin/{slug}", data={"entry": each})
        with counted(app) as statements:
            assert client.get(f"/checkin/{slug}").status_code == 200
        counts.add(len(statements))
    assert len(counts) == 1, counts


def test_a_division_is_shown_by_its_title(app, steward):
    with app.app_context(), writing() as db:
        version = queries.rule_version(db, queries.contest_by_slug(db, "xinghe"))
        version.source += '\n[divisions.public]\ntitle = { zh = "公众组", en = "General" }\n'.encode()
        db.scalars(select(Entry).where(Entry.code == "01")).one().division = "public"
    assert "南屿区代表队 · 公众组" in steward.get(DOOR).text
    assert scan(steward, code="1").json["guest"]["about"] == "南屿区代表队 · 公众组"
    assert "General" in steward.get(f"/pass/{token(app)}?lang=en").text


def test_an_empty_contest_says_who_will_be_listed(app):
    slug = builders.make_contest(app, slug="empty", entries=0)
    account = builders.make_account(app, "welcomes", Role.STEWARD, contest=slug)
    assert "还没有选手" in builders.client_of(app, account).get("/checkin/empty").text
