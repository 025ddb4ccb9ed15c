"""A contest made in five steps: each saves into the draft, nothing typed is lost, rules stay after the first mark."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest import composing, queries
from contest.models import Account, Contest, Duty, Role, Round, RuleVersion, Seat, Sitting
from tests import builders
from web.db import reading, writing

OFFICE = "星河市科学技术协会"
BASICS = {
    "title": "第九届星河市科普讲解大赛", "slug": "lecture-9", "starts_at": "2027-05-16T09:00", "place": "星河市科技馆",
    "registration_opens_at": "2027-03-01T09:00", "registration_closes_at": "2027-04-30T18:00", "mask_below": "18",
    "quota": "320", "contact": "竞赛部",
}  # fmt: skip
SETUP = "/admin/contests/lecture-9/setup"


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    """A browser of somebody who works for the organization."""
    return builders.client_of(app, builders.make_account(app, "lin", works_for=OFFICE, name="江晚"))


@pytest.fixture
def draft(office: FlaskClient) -> FlaskClient:
    """The same browser, the first step of a contest done."""
    assert office.post("/admin/contests/new", data=BASICS).status_code == 303
    return office


def contest_of(app: Flask) -> Contest:
    """The contest as it is stored."""
    with app.app_context(), reading() as db:
        return queries.contest_by_slug(db, "lecture-9")


def rounds_of(app: Flask) -> list[tuple[str, int | None]]:
    """The rounds in order, with how many advance."""
    with app.app_context(), reading() as db:
        own = select(Round).join(Contest).where(Contest.slug == "lecture-9").order_by(Round.position)
        return [(round_.code, round_.advances) for round_ in db.scalars(own)]


def form_of(page: str) -> dict[str, str]:
    """Everything a browser would send of the page's step: its fields as they stand."""
    form = page[page.index('id="step"') :]
    form = form[: form.index("</form>")]
    found = {}
    for field in re.findall(r"<input[^>]*>", form):
        name, kind = re.search(r'name="([^"]+)"', field), re.search(r'type="([^"]+)"', field)
        value = re.search(r'value="([^"]*)"', field)
        if name and (kind is None or kind[1] not in ("checkbox", "radio") or " checked" in field):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = text
    return found


def send(client: FlaskClient, step: str, changed: Mapping[str, str | None]):
    """Fill a step in as it stands, but for these fields; None leaves a box unticked."""
    values = form_of(client.get(f"{SETUP}/{step}").text) | dict(changed)
    return client.post(f"{SETUP}/{step}", data={name: value for name, value in values.items() if value is not None})


def test_only_who_works_for_an_organization_may_begin(app, final, office):
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.ORGANIZER, contest=final))
    assert chief.get("/admin/contests/new").status_code == 403
    assert ("新建比赛" in office.get("/admin").text, "新建比赛" in chief.get("/admin").text) == (True, False)


def test_the_first_step_makes_a_draft_that_nobody_else_sees(app, draft):
    stored = contest_of(app)
    assert (stored.published_at, stored.quota, stored.place) == (None, 320, "星河市科技馆")
    assert stored.starts_at.isoformat() == "2027-05-16T01:00:00+00:00"
    assert draft.get(f"{SETUP}/rounds").status_code == 200
    assert draft.get("/admin/contests/lecture-9").status_code == 200


def test_an_address_is_proposed_and_told_free_or_taken(draft):
    proposed = re.search(r'id="slug"[^>]*value="([^"]+)"', draft.get("/admin/contests/new").text)[1]
    assert draft.get(f"/admin/contests/address.json?slug={proposed}").json["free"] is True
    for taken in ("lecture-9", "Lecture", "a b", "", "new", "-x"):
        assert draft.get(f"/admin/contests/address.json?slug={taken}").json["free"] is False


@pytest.mark.parametrize("field, value", [
    ("title", " "), ("slug", "no good"), ("registration_closes_at", "2027-02-01T09:00"), ("starts_at", "yesterday"),
    ("registration_closes_at", "2027-06-01T09:00"), ("quota", "many"), ("quota", "0"), ("mask_below", "7"),
    ("title", "长" * 201),
])  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(app, office, field, value):
    answer = office.post("/admin/contests/new", data=BASICS | {field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "竞赛部" in answer.text
    with app.app_context(), reading() as db:
        assert db.scalars(select(Contest)).all() == []


def test_another_organization_cannot_be_chosen(app, office):
    builders.make_contest(app, organization="别的协会")
    with app.app_context(), reading() as db:
        other = queries.contest_by_slug(db, "xinghe").organization.public_id
    office.post("/admin/contests/new", data=BASICS | {"organization": other})
    with app.app_context(), reading() as db:
        assert queries.contest_by_slug(db, "lecture-9").organization.name == OFFICE


def test_two_rounds_and_divisions_make_a_new_version_and_the_rounds_follow(app, draft):
    answer = send(draft, "rounds", {
        "rounds": "two", "advances": "20", "division-0": "专业组", "division-0-en": "Professionals",
        "division-1": "公众组",
    })  # fmt: skip
    assert (answer.status_code, answer.location) == (303, f"{SETUP}/rules")
    assert rounds_of(app) == [("preliminary", 20), ("final", None)]
    with app.app_context(), reading() as db:
        version = queries.rule_version(db, queries.contest_by_slug(db, "lecture-9"))
        assert (version.number, list(queries.rules_of(version).divisions)) == (2, ["专业组", "公众组"])
    assert send(draft, "rounds", {"rounds": "final"}).status_code == 303
    assert rounds_of(app) == [("final", None)]


def test_saving_a_step_unchanged_makes_no_new_version(app, draft):
    send(draft, "rounds", {"rounds": "two", "advances": "20"})
    for step in ("rounds", "rules"):
        assert send(draft, step, {}).status_code == 303
    with app.app_context(), reading() as db:
        assert len(db.scalars(select(RuleVersion)).all()) == 2
    assert rounds_of(app)[0] == ("preliminary", 20)


def test_the_rules_are_what_was_typed(app, draft):
    answer = send(draft, "rules", {
        "final-judges": "5", "final-drop": "0", "final-step": "0.5", "final-decimals": "1", "final-ties": "shared",
        "final-quiz": None, "final-criterion-0-most": "40", "final-criterion-3-title": "",
        "final-criterion-4-title": "互动",
        "final-criterion-4-most": "20", "release_mode": "held", "award-0-size": "count", "award-0-number": "3",
    })  # fmt: skip
    assert (answer.status_code, answer.location) == (303, f"{SETUP}/people")
    stored = contest_of(app)
    assert stored.release_mode.value == "held"
    with app.app_context(), reading() as db:
        version = queries.rule_version(db, queries.contest_by_slug(db, "lecture-9"))
        plan = composing.plan_of(version.source)
    final = plan.rounds[0]
    assert [(each.title, int(each.most)) for each in final.criteria] == [
        ("内容陈述", 40), ("表达效果", 30), ("整体形象", 10), ("互动", 20)
    ]  # fmt: skip
    assert (final.judges, final.drop, str(final.step), final.decimals, final.ties) == (5, 0, "0.5", 1, "shared")
    assert (final.quiz, final.time) == (False, True)
    assert (plan.awards[0].size, int(plan.awards[0].number)) == ("count", 3)


@pytest.mark.parametrize("changed, where", [
    ({"final-judges": "2"}, "final-judges"), ({"final-judges": "x"}, "final-judges"),
    ({"final-criterion-0-most": "30.001"}, "final-criterion-0-most"), ({"final-step": "2"}, "final-step"),
    ({"final-step": "0.5", "final-criterion-0-most": "30.2"}, "final-criterion-0-most"),
    ({f"final-criterion-{n}-title": "" for n in range(5)}, "final-criterion-0-title"),
    ({"award-0-number": "80"}, "award-0-number"), ({"award-0-size": "rest"}, "award-0-size"),
    ({"release_mode": "never"}, "release_mode"),
])  # fmt: skip
def test_rules_that_do_not_fit_are_refused_and_nothing_changes(app, draft, changed, where):
    answer = send(draft, "rules", changed)
    assert (answer.status_code, f'href="#{where}"' in answer.text) == (422, True)
    with app.app_context(), reading() as db:
        assert len(db.scalars(select(RuleVersion)).all()) == 1


def test_after_the_first_mark_the_rules_stay(app):
    slug = builders.make_contest(app, slug="lecture-9", judges=7)
    client = builders.client_of(app, builders.make_account(app, "lin", Role.ORGANIZER, contest=slug))
    builders.give_sheets(app, builders.appearances(app, slug)[0], slug=slug, seats=[1])
    for step in ("rounds", "rules"):
        assert "已经有评委打过分" in client.get(f"{SETUP}/{step}").text
    answer = client.post(f"{SETUP}/rounds", data={"rounds": "two"})
    assert (answer.status_code, "已经有评委打过分" in answer.text) == (422, True)
    assert rounds_of(app) == [("final", None)]


def test_a_round_with_a_running_order_cannot_be_left_out(app):
    slug = builders.make_contest(app, slug="lecture-9", judges=7)
    client = builders.client_of(app, builders.make_account(app, "lin", Role.ORGANIZER, contest=slug))
    assert client.post(f"{SETUP}/rounds", data={"rounds": "two", "advances": "3"}).status_code == 303
    with app.app_context(), writing() as db:
        appearance = queries.appearance_of(
            db, queries.contest_by_slug(db, slug), builders.appearances(app, slug)[0]
        )
        appearance.round_id = queries.round_of(db, queries.contest_by_slug(db, slug), "preliminary").id
    answer = client.post(f"{SETUP}/rounds", data={"rounds": "final"})
    assert (answer.status_code, "已经排了出场顺序" in answer.text) == (422, True)


def test_judges_and_staff_are_made_and_codes_are_shown_once(app, draft):
    answer = send(draft, "people", {
        "judges": "许清和\n 顾清禾 \n\n韩知白", "staff-0-name": "乔木", "staff-0-username": "qiao",
        "staff-0-role": "scorekeeper",
    })  # fmt: skip
    assert (answer.status_code, answer.location) == (303, f"{SETUP}/publish")
    with app.app_context(), reading() as db:
        names = [sitting.person.name for sitting in db.scalars(select(Sitting).join(Seat).order_by(Seat.number))]
        duty = db.scalars(select(Duty)).one()
        assert (names, duty.role) == (["许清和", "顾清禾", "韩知白"], Role.SCOREKEEPER)
        assert db.get(Account, duty.account_id).code_hash is not None
    first = draft.get(answer.location).text
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", first)
    assert "一次性登录码" not in draft.get(answer.location).text


def test_a_name_of_another_house_is_not_appointed_and_nobody_is(app, draft):
    builders.make_account(app, "stranger", works_for="别的协会")
    answer = send(draft, "people", {
        "judges": "许清和", "staff-0-name": "乔木", "staff-0-username": "qiao", "staff-1-name": "某",
        "staff-1-username": "stranger",
    })  # fmt: skip
    assert (answer.status_code, 'href="#staff-1-username"' in answer.text) == (422, True)
    with app.app_context(), reading() as db:
        assert db.scalars(select(Account).where(Account.username == "qiao")).one_or_none() is None
        assert db.scalars(select(Sitting)).all() == []


def test_the_checklist_says_what_is_missing_and_publishing_is_a_switch(app, draft):
    page = draft.get(f"{SETUP}/publish").text
    assert ("评委 0 人，规则要 7 人" in page, "报名起止时间已填写" in page) == (True, True)
    assert draft.post(f"{SETUP}/publish", data={"publish": "now"}).status_code == 303
    assert contest_of(app).published_at is not None
    assert "草稿" not in draft.get(f"{SETUP}/basics").text
    draft.post(f"{SETUP}/publish", data={"publish": "later"})
    assert contest_of(app).published_at is None


def test_every_step_has_its_page_in_both_languages_and_an_unknown_one_has_none(draft):
    for step in ("basics", "rounds", "rules", "people", "publish"):
        for lang in ("zh", "en"):
            assert draft.get(f"{SETUP}/{step}?lang={lang}").status_code == 200
    assert draft.get(f"{SETUP}/nothing").status_code == 404
