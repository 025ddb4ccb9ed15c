"""The demo: made once, its doors, the final that plays itself, the new start; and nothing of it at a venue."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from contest import clocking, ledger, queries, showing
from contest.ledger import SYSTEM
from contest.models import Account, Adjustment, Audience, ClockAct, Contest, Frame, Milestone, Registration, Screen
from leaderboard import demo, demo_page, demo_play, jobs
from settings import VENUE_FILE
from tests import builders
from web import links, live, signs
from web.db import reading, writing
from web.jobs import queue

LETTERS = ("/demo/as/organizer", "/demo/play", "/demo/restart")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A demo installation, made once; a test that changes it makes its own copy or only looks."""
    app = builders.make_app(tmp_path_factory.mktemp("demo"), demo=True)
    with app.app_context():
        demo.load(app.extensions["lectern_settings"])
    yield app
    app.extensions["lectern_engine"].dispose()


@pytest.fixture
def own(shown: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A copy of that installation that a test may change."""
    with sqlite3.connect(Path(shown.instance_path) / "lectern.sqlite3") as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "lectern.sqlite3"),))
    source.close()
    shutil.copy(Path(shown.instance_path) / "demo_accounts.json", tmp_path)
    app = builders.make_app(tmp_path, demo=True)
    yield app
    app.extensions["lectern_engine"].dispose()


def frame(app: Flask) -> dict[str, object]:
    return dict(json.loads(builders.client_of(app).get("/contests/demo/frame.json").data))


def test_the_demo_is_made_once_and_its_board_shows_sixteen_scores_at_once(shown: Flask) -> None:
    settings = shown.extensions["lectern_settings"]
    with shown.app_context():
        first, again = demo.found(settings), demo.load(settings)
    assert (first.passwords, [seat.public_id for seat in first.seats]) == (
        again.passwords, [seat.public_id for seat in again.seats],
    )  # fmt: skip
    found = frame(shown)
    assert found["counts"] == {"released": 16, "appearances": 40}
    assert (found["now"]["number"], found["release"]["number"]) == ("17", "16")
    assert [(row["place"], row["number"]) for row in found["top"][:6]] == [
        (1, "05"), (2, "11"), (3, "02"), (4, "08"), (5, "03"), (5, "14"),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_page_offers_every_role_and_the_links_it_names_open(shown: Flask, lang: str):
    client = shown.test_client()
    page = client.get(f"/?lang={lang}").text
    assert [role for role in demo.ACCOUNTS if f'action="/demo/as/{role}"' not in page] == []
    with shown.test_request_context():
        card = demo_page.parts()["guests"][0].address
    assert client.get(card).status_code == 200
    assert card in page


def test_each_role_is_one_press_away_and_lands_where_it_works(shown: Flask):
    landed = {}
    for role, name in demo.ACCOUNTS.items():
        client = shown.test_client()
        answer = client.post(f"/demo/as/{role}", follow_redirects=True)
        landed[role] = (answer.status_code, name in answer.text)
    assert set(landed.values()) == {(200, True)}, landed
    assert shown.test_client().post("/demo/as/president").status_code == 404


def test_a_persons_own_account_of_that_name_is_not_opened(tmp_path: Path):
    app = builders.make_app(tmp_path, demo=True)
    builders.make_account(app, "chief", name="真的总裁判")
    with app.app_context():
        demo.load(app.extensions["lectern_settings"])
    assert app.test_client().post("/demo/as/chief").status_code == 404
    assert app.test_client().post("/demo/as/mc").status_code == 303
    app.extensions["lectern_engine"].dispose()


@pytest.mark.parametrize("venue", [False, True], ids=["without a demo", "a venue's folder"])
def test_elsewhere_there_is_no_door_and_no_word_of_it(own: Flask, tmp_path: Path, venue: bool):
    app = own if venue else builders.make_app(tmp_path / "other", demo=False)
    if venue:
        (tmp_path / VENUE_FILE).write_text("{}", encoding="utf-8")
    client = app.test_client()
    assert [client.post(address).status_code for address in LETTERS] == [404, 404, 404]
    assert "演示" not in client.get("/").text
    app.extensions["lectern_engine"].dispose()


def test_a_press_starts_the_play_and_the_next_one_only_says_so(shown: Flask):
    client = shown.test_client()
    assert "后台任务没有运行" in client.post("/demo/play", follow_redirects=True).text
    with shown.app_context():
        signs.leave(signs.WORKER)
    assert "演示开始了" in client.post("/demo/play", follow_redirects=True).text
    assert "演示正在进行" in client.post("/demo/play", follow_redirects=True).text
    assert len(queue(shown).pending()) == 1
    with shown.app_context():
        jobs.say("", 0)


def test_the_final_plays_by_itself_and_a_new_start_keeps_cards_screens_and_accounts(own: Flask):
    app, settings = own, own.extensions["lectern_settings"]
    with app.app_context():
        before = demo.load(settings)
        moves = played(app, contestants=2)
        assert (moves, frame(app)["counts"]["released"], frame(app)["now"]["number"]) == (2, 18, "19")
        with reading() as db:
            quizzes = select(func.count()).select_from(Adjustment)
            assert db.scalar(quizzes) == 3  # two of the folder's, and one that no. 18 earned
            contest = queries.contest_by_slug(db, demo.SLUG)
            assert ledger.verify(db, contest) is None
            old = contest.id, contest.epoch
        live.catch_up()
        channel = live.hub().channels[old[0], Audience.PUBLIC]
        demo.make(settings)
        live.catch_up()
        after = demo.found(settings)
        with reading() as db:
            contest = queries.contest_by_slug(db, demo.SLUG)
            assert (contest.id, contest.epoch) != old
            assert db.scalars(select(Contest.slug).order_by(Contest.slug)).all() == ["demo", "demo-next"]
            assert db.scalar(select(func.count()).select_from(Frame)) == 3
            assert db.scalar(select(func.count()).select_from(Milestone)) == 6
            assert db.scalar(select(func.count()).select_from(Registration)) == 46
            assert len(db.scalars(select(Account)).all()) == len(demo.ACCOUNTS)
            assert db.scalars(select(Screen)).one().public_id == before.screen.public_id
    assert (frame(app)["counts"]["released"], frame(app)["now"]["number"]) == (16, "17")
    assert channel.over
    assert after.passwords == before.passwords
    with app.test_request_context():
        assert [links.card_token(seat) for seat in after.seats] == [links.card_token(seat) for seat in before.seats]


def played(app: Flask, contestants: int) -> int:
    """Play until so many contestants were called; how many were."""
    called = 0
    for _ in range(60):
        with live.changing(demo.SLUG) as (db, contest):
            done = demo_play.move(db, contest, since=live.now(), now=live.now())
        called += done.called
        if called == contestants:
            break
    return called


def test_a_judge_who_sits_on_a_seat_is_waited_for(own: Flask):
    app = own
    with app.app_context():
        made = demo.load(app.extensions["lectern_settings"])
        card = links.card_token(next(seat for seat in made.seats if seat.number == demo.FREE_SEAT))
        assert app.test_client().post(f"/judge/{card}").status_code == 302
        with live.changing(demo.SLUG) as (db, contest):
            now = live.now()
            assert demo_play.move(db, contest, since=now, now=now) == demo_play.Move(1.5)
            assert showing.missing_seats(db, showing.stage_of(db, contest).appearance) == [demo.FREE_SEAT]
            demo_play.move(db, contest, since=now - demo_play.WAITS, now=now)
            assert showing.missing_seats(db, showing.stage_of(db, contest).appearance) == []


def test_a_talk_that_somebody_times_is_left_to_them(own: Flask):
    with own.app_context(), live.changing(demo.SLUG) as (db, contest):
        now = live.now()
        on = showing.stage_of(db, contest).appearance
        clocking.press(
            db, contest, appearance=on, segment="time_own", act=ClockAct.START, press="", by=SYSTEM, now=now
        )
        while showing.missing_seats(db, on):
            demo_play.move(db, contest, since=now, now=now)
        assert demo_play.move(db, contest, since=now, now=now) == demo_play.Move(1.5)
        assert demo_play.move(db, contest, since=now - demo_play.WAITS, now=now).over
        assert not on.is_released


def test_a_round_that_is_no_longer_judged_ends_the_play(own: Flask):
    with own.app_context():
        with writing() as db:
            contest = queries.contest_by_slug(db, demo.SLUG)
            contest.rounds[0].state = builders.RoundState.LOCKED
        jobs.say("run", 10)
        jobs.play(run="run", left=10)
        assert not jobs.is_playing()
