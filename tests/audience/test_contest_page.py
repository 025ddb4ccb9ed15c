"""A contest's page: one button that knows the state, the dates, how it is marked, its files; hidden until published."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from audience.phases import Phase, phase_of
from contest import awarding, queries
from contest.ledger import SYSTEM
from contest.models import (
    Attachment,
    Contest,
    DivisionNote,
    Milestone,
    Registration,
    RegistrationState,
    Role,
    Round,
    RoundState,
    StoredFile,
)
from contest.rules import EntryFact, Facts, read_rules
from tests import builders
from tests.builders import NOW, RULES
from tests.fixtures_sealed import publish
from web import live
from web.db import writing

DIVISIONS = '[divisions.public]\ntitle = { zh = "公众组", en = "Public" }\n\n[criteria.content]'.encode()


def page(app, slug="xinghe", query="", client=None):
    answer = (client or app.test_client()).get(f"/contests/{slug}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def open_contest(app):
    """A contest that takes registrations: opened ten days ago, closes in eight, is held in twenty."""
    now = live.now()
    with app.app_context(), writing() as db:
        rules = RULES.replace(b"[criteria.content]", DIVISIONS, 1)
        contest = builders.add_contest(
            db, rules=rules, state=RoundState.OPEN, facts=Facts(entries=(EntryFact("01", "public"),))
        )
        contest.registration_opens_at = now - timedelta(days=10)
        contest.registration_closes_at = now + timedelta(days=8, hours=3, seconds=30)
        contest.starts_at = now + timedelta(days=20)
        contest.quota, contest.title_en, contest.contact = 320, "8th Xinghe Science Lecture Contest", "0512-0000 1234"
        db.add_all([
            Milestone(contest_id=contest.id, title="公开抽签", title_en="Public draw", at=now + timedelta(days=15)),
            DivisionNote(contest_id=contest.id, division="public", text="行业不限", text_en="Any profession"),
            *(
                Registration(
                    contest_id=contest.id, state=state, answers='{"division": "public"}', code_hash=state.value,
                    receipt=state.value, created_at=now, updated_at=now, public_id=f"held-{state.value}",
                )
                for state in (RegistrationState.DRAFT, RegistrationState.SUBMITTED, RegistrationState.WITHDRAWN)
            ),
        ])  # fmt: skip
    return "xinghe"


@pytest.mark.parametrize(
    ("dates", "states", "phase"),
    [
        ((None, None, None), [RoundState.DRAFT], Phase.SOON),
        ((1, 5, 9), [RoundState.DRAFT], Phase.SOON),
        ((-1, 5, 9), [RoundState.OPEN], Phase.REGISTERING),
        ((-1, None, 9), [RoundState.OPEN], Phase.REGISTERING),
        ((-5, -1, 9), [RoundState.OPEN], Phase.BETWEEN),
        ((-5, -1, 0), [RoundState.OPEN], Phase.RUNNING),
        ((-5, 5, 9), [RoundState.PUBLISHED, RoundState.JUDGING], Phase.RUNNING),
        ((-9, -5, -1), [RoundState.LOCKED], Phase.OVER),
        ((-9, -5, 3), [RoundState.PUBLISHED, RoundState.OPEN], Phase.BETWEEN),
        ((None, None, -1), [RoundState.PUBLISHED], Phase.OVER),
    ],
)
def test_rounds_and_dates_make_the_phase(dates, states, phase):
    opens, closes, starts = (None if day is None else NOW + timedelta(days=day) for day in dates)
    contest = Contest(
        registration_opens_at=opens, registration_closes_at=closes, starts_at=starts, time_zone="Asia/Shanghai"
    )
    assert phase_of(contest, states, NOW) is phase
    contest.awards_published_at = NOW
    assert phase_of(contest, states, NOW) is Phase.ANNOUNCED


def test_while_registration_is_open_the_button_registers_and_the_card_counts(app, open_contest):
    found = page(app)
    assert 'href="/contests/xinghe/register"' in found and "立即报名" in found
    assert '<b data-part="days">8</b>' in found and '<b data-part="hours">03</b>' in found
    assert "已报名 2 人，名额 320" in found  # the form that was submitted, and the entry that came without one
    assert "行业不限" in found and "公众组" in found
    dates = ("报名开始", "报名截止", "公开抽签", "决赛")
    places = [found.index(f"<b>{date}</b>") for date in dates]
    assert places == sorted(places)
    assert "dates__tick" in found


def test_the_page_is_complete_in_english(app, open_contest):
    found = page(app, query="?lang=en")
    for words in ("Registration open", "Register now", "8th Xinghe Science Lecture Contest", "Public draw", "30 points",
                  "7 judges; the highest and the lowest mark are dropped", "Any profession", "Add to calendar"):
        assert words in found, words
    assert "报名" not in found and "决赛" not in found


def test_a_draft_that_this_browser_holds_is_offered_and_nobody_elses(app, open_contest):
    client = app.test_client()
    assert "继续填写草稿" not in page(app, client=client)
    for held in (["held-draft.2"], ["no-such.1"], "nonsense", [7]):
        with client.session_transaction() as session:
            session["registrations"] = held
        assert "继续填写草稿" not in page(app, client=client)
    with client.session_transaction() as session:
        session["registrations"] = ["held-draft.1"]
    found = page(app, client=client)
    assert "继续填写草稿" in found and 'href="/my/entries/held-draft"' in found


@pytest.mark.parametrize(
    ("opens", "closes", "starts", "state", "address", "word"),
    [
        (3, 9, 20, RoundState.OPEN, "/contests/xinghe/calendar.ics", "加入日历"),
        (-9, -3, 20, RoundState.OPEN, "/my", "我的参赛"),
        (-9, -3, 0, RoundState.JUDGING, "/live/xinghe", "看现场"),
        (-9, -3, -1, RoundState.LOCKED, "/contests/xinghe/results", "看成绩"),
    ],
)
def test_the_one_primary_button_follows_the_state(app, open_contest, opens, closes, starts, state, address, word):
    now = live.now()
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        contest.registration_opens_at, contest.registration_closes_at = (
            now + timedelta(days=opens), now + timedelta(days=closes),
        )  # fmt: skip
        contest.starts_at = now + timedelta(days=starts)
        for round_ in db.scalars(select(Round)):
            round_.state = state
    found = page(app)
    assert found.count("btn btn-primary btn-hero") == 1
    button = found.partition('class="btn btn-primary btn-hero"')[2].partition("</a>")[0]
    assert f'href="{address}"' in button and word in button


def test_after_publication_the_button_leads_to_the_notice(app, sealed, change):
    change(sealed, publish)
    found = page(app, sealed)
    assert "已公布" in found and f'class="btn btn-primary btn-hero" href="/contests/{sealed}/results"' in found


def test_the_calendar_has_every_date_with_an_id_that_stays(app, open_contest):
    answer = app.test_client().get("/contests/xinghe/calendar.ics")
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    assert text.count("BEGIN:VEVENT") == 4 and "\r\n" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    uids = sorted(line for line in text.split("\r\n") if line.startswith("UID:"))
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        contest.starts_at += timedelta(hours=1)
        begins = contest.starts_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    moved = app.test_client().get("/contests/xinghe/calendar.ics").get_data(as_text=True)
    assert sorted(line for line in moved.split("\r\n") if line.startswith("UID:")) == uids
    assert f"DTSTART:{begins}" in moved


def test_files_for_everybody_are_given_out_and_those_of_others_are_not(app, open_contest):
    body = b"%PDF-1.7 notice"
    digest = hashlib.sha256(body).hexdigest()
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        place = app.config["UPLOADS"] / digest[:2]
        place.mkdir(parents=True)
        (place / digest).write_bytes(body)
        file = StoredFile(
            contest_id=contest.id, sha256=digest, name="通知.pdf", media_type="application/pdf", size=len(body),
            stored_at=NOW,
        )  # fmt: skip
        db.add(file)
        db.flush()
        db.add(Attachment(contest_id=contest.id, file_id=file.id, title="比赛通知", position=1, public_id="notice"))
        stored = file.public_id
        builders.add_contest(db, slug="other", organization="别的协会")
    client = app.test_client()
    assert "比赛通知" in page(app)
    with client.get("/contests/xinghe/files/notice") as answer:
        assert (answer.data, answer.mimetype) == (body, "application/pdf")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/contests/xinghe/files/{stored}").status_code == 404
    assert client.get("/contests/other/files/notice").status_code == 404


PUBLIC = (
    "", "/board", "/board.json", "/frame.json", "/stream", "/results", "/calendar.ics", "/files/notice", "/register",
)  # fmt: skip


def test_an_unpublished_contest_is_not_there_for_the_public_but_its_staff_may_look_ahead(app):
    builders.make_contest(app, judges=7)
    board = app.test_client().get("/contests/xinghe/board.json")
    staff = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest="xinghe"))
    outsider = builders.client_of(app, builders.make_account(app, "outsider"))
    with app.app_context(), writing() as db:
        queries.contest_by_slug(db, "xinghe").published_at = None
    tag = {"If-None-Match": board.headers["ETag"]}
    for address in [*(f"/contests/xinghe{each}" for each in PUBLIC), "/live/xinghe"]:
        for client in (app.test_client(), outsider):
            assert client.get(address, headers=tag).status_code == 404, address
    for address in ("/contests/xinghe", "/contests/xinghe/board", "/contests/xinghe/results", "/live/xinghe"):
        assert staff.get(address).status_code == 200, address
    assert "只有工作人员能看到" in page(app, client=staff)


def test_an_unknown_contest_is_not_found(app):
    assert app.test_client().get("/contests/nowhere").status_code == 404
    assert app.test_client().get("/live/nowhere").status_code == 404


def test_awards_of_a_file_are_listed_with_their_numbers(app):
    more = b'\n[[awards]]\nid = "best"\ntitle = { zh = "\xe6\x9c\x80\xe4\xbd\xb3\xe5\x88\x9b\xe6\x84\x8f", en = "Most creative" }\ncount = 1\nround = "final"\n'  # noqa: E501
    rules = RULES.replace(b"rest = true\n", b"count = 2\n") + more
    assert read_rules(rules).awards[-1].id == "best"
    with app.app_context(), writing() as db:
        builders.add_contest(db, rules=rules, judges=7)
    found = page(app)
    assert "最佳创意" in found and "10%" in found and "2 名" in found


def test_the_notice_stands_on_the_timeline_once_it_is_public(app, sealed, change):
    change(sealed, publish)
    change(sealed, lambda db, contest: setattr(contest, "starts_at", NOW - timedelta(hours=6)))
    assert "<b>结果公示</b>" in page(app, sealed)
    planned = NOW + timedelta(days=2)
    change(sealed, lambda db, contest: db.add(Milestone(contest_id=contest.id, title="结果公示", at=planned)))
    assert page(app, sealed).count("<b>结果公示</b>") == 1
    change(sealed, lambda db, contest: db.delete(db.scalars(select(Milestone)).one()))
    change(sealed, lambda db, contest: awarding.hide(db, contest, by=SYSTEM, now=datetime.now(UTC)))
    assert "结果公示" not in page(app, sealed)
