"""What the public and the big screens may open: pages, boards and frames, searched for what is not out yet."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from contest import queries, showing
from contest.ledger import SYSTEM
from contest.models import Contest, RoundState, Screen, new_public_id
from tests import builders
from tests.builders import JUDGES, NOW
from web import links, live
from web.db import reading, writing

# Marks that occur nowhere else: what each seat gives for "content", its sheet's total, and the score they make.
HIDDEN = "13.57"
SHEET = str(Decimal(HIDDEN) + Decimal("60.50"))


def screen_of(app: Flask, slug: str) -> str:
    with app.app_context(), writing() as db:
        screen = Screen(contest_id=queries.contest_by_slug(db, slug).id, name=new_public_id())
        db.add(screen)
        db.flush()
        return links.screen_token(screen)


@pytest.fixture
def evening(app: Flask) -> tuple[Flask, str]:
    """Seven judges have marked the first two: 01 is out with 27.00 each, 02 is on stage, complete and held."""
    slug = builders.make_contest(app, judges=7)
    one, two, _three = builders.appearances(app)
    builders.give_sheets(app, one)
    builders.give_sheets(app, two, content=HIDDEN)
    with app.app_context(), live.changing(slug) as (db, contest):
        first, second = (queries.appearance_of(db, contest, each) for each in (one, two))
        showing.call(db, contest, appearance=first, now=NOW)
        showing.release(db, contest, appearance=first, by=SYSTEM, now=NOW)
        showing.call(db, contest, appearance=second, now=NOW)
    return app, slug


def public(app: Flask, slug: str) -> list[str]:
    """Every address that the public and a screen may open, without the streams."""
    token = screen_of(app, slug)
    return [
        "/", f"/contests/{slug}/board", f"/contests/{slug}/board?lang=en", f"/contests/{slug}/board.json",
        f"/contests/{slug}/frame.json", f"/screen/{token}", f"/screen/{token}/board.json",
        f"/screen/{token}/frame.json",
    ]  # fmt: skip


def test_no_public_page_board_or_frame_holds_a_held_mark_or_a_judges_name(evening):
    app, slug = evening
    client = app.test_client()
    for path in public(app, slug):
        answer = client.get(path)
        everything = answer.text + str(answer.headers)
        assert answer.status_code == 200
        assert [each for each in (HIDDEN, SHEET, *JUDGES) if each in everything] == [], path


def test_the_released_score_is_on_all_of_them(evening):
    app, slug = evening
    _home, *paths = public(app, slug)
    assert [path for path in paths if "87.50" not in app.test_client().get(path).text] == []


def test_errors_tell_nothing_either(evening):
    app, slug = evening
    client = app.test_client()
    staff = (f"/ops/{slug}", f"/admin/contests/{slug}/rounds", f"/ops/{slug}/frame.json")
    for path in (*staff, "/screen/x", "/judge/seats/x"):
        answer = client.get(path, headers={"Accept": "application/json"})
        assert answer.status_code in (401, 403, 404)
        assert HIDDEN not in answer.text


def test_a_board_is_304_until_something_public_changes(evening):
    app, slug = evening
    client = app.test_client()
    path = f"/contests/{slug}/board.json"
    tag = client.get(path).headers["ETag"]
    builders.give_sheets(app, builders.appearances(app)[2], seats=[1, 2], content=HIDDEN)
    with app.app_context(), reading() as db:
        contest_id = queries.contest_by_slug(db, slug).id
    with app.app_context():
        live.refresh(contest_id)
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    with app.app_context(), live.changing(slug) as (db, contest):
        two = queries.appearance_of(db, contest, builders.appearances(app)[1])
        showing.release(db, contest, appearance=two, by=SYSTEM, now=NOW)
    after = client.get(path, headers={"If-None-Match": tag})
    assert (after.status_code, after.headers["ETag"] != tag) == (200, True)
    rows = json.loads(after.data)["rounds"][0]["rows"]
    assert [(row["place"], row["entry"], row["score"]) for row in rows] == [(1, "01", "87.50"), (2, "02", SHEET)]


def test_the_audiences_tags_are_apart(evening):
    app, slug = evening
    client = app.test_client()
    tags = {client.get(path).headers["ETag"] for path in public(app, slug) if path.endswith("frame.json")}
    assert len(tags) == 2


def test_staff_data_has_an_address_of_its_own_that_the_public_cannot_open(evening):
    app, slug = evening
    assert app.test_client().get(f"/ops/{slug}/frame.json").status_code == 403
    assert "ready" not in app.test_client().get(f"/contests/{slug}/frame.json").get_json()


def test_a_revoked_screen_link_opens_nothing(evening):
    app, slug = evening
    token = screen_of(app, slug)
    with app.app_context(), writing() as db:
        db.scalars(select(Screen)).one().generation += 1
    found = [app.test_client().get(f"/screen/{token}{rest}").status_code for rest in ("", "/frame.json", "/stream")]
    assert found == [404, 404, 404]


def test_rehearsals_and_drafts_are_not_on_the_home_page(app):
    builders.make_contest(app, slug="shown")
    builders.make_contest(app, slug="draft", state=RoundState.DRAFT)
    builders.make_contest(app, slug="rehearsal")
    with app.app_context(), writing() as db:
        db.scalars(select(Contest).where(Contest.slug == "rehearsal")).one().rehearsal = True
        db.scalars(select(Contest).where(Contest.slug == "draft")).one().published_at = None
    page = app.test_client().get("/").text
    shown = [f'href="/contests/{slug}"' in page for slug in ("shown", "draft", "rehearsal")]
    assert shown == [True, False, False]


def test_names_are_shown_as_text_and_never_run(app, final):
    with app.app_context(), live.changing(final) as (db, contest):
        for appearance in queries.appearances_in_order(db, contest.rounds[0]):
            appearance.entry.name = "</script><img src=x onerror=alert(1)>"
        showing.call(db, contest, appearance=appearance, now=NOW)
    for path in public(app, final):
        if not path.endswith(".json"):
            assert "<img src=x" not in app.test_client().get(path).text
