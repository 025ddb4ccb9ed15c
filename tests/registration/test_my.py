"""我的参赛: one next thing to do, what was returned, the code card on another device, taking a registration back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from contest import board, certifying, ordering, queries, showing
from contest.ledger import SYSTEM
from contest.models import Appearance, Certificate, Decision, Entry, Registration, RegistrationState, RoundState
from tests import builders, honoured
from tests.registration.forms import (
    ABOUT,
    TALK,
    alter,
    begin,
    change,
    fill,
    open_contest,
    open_dates,
    registration,
    save,
    send,
    slides,
    submitted,
)  # fmt: skip
from tests.registrations import add_reviewer
from web import links
from web.db import writing
from web.limits import limiter


@pytest.fixture
def client(app):
    open_contest(app)
    return app.test_client()


def code_of(app, form) -> str:
    found = registration(app, form)
    with app.app_context():
        return links.registration_code(form, found.generation)


def token_of(app, form) -> str:
    found = registration(app, form)
    with app.app_context():
        return links.registration_token(found)


def decide(app, form, state, reason="", fields=()):
    """What the review does to a submitted form."""
    with app.app_context(), writing() as db:
        found = db.scalars(select(Registration).where(Registration.public_id == form)).one()
        last = found.submissions[-1]
        last.decision = Decision.APPROVED if state is RegistrationState.APPROVED else Decision.RETURNED
        last.decided_at, last.reason, last.fields = datetime.now(UTC), reason, json.dumps(fields)
        if state is RegistrationState.APPROVED:
            found.entry = db.scalars(select(Entry).order_by(Entry.position)).first()
        found.state = state


def cards(client) -> str:
    return client.get("/my").text


def test_a_device_without_registrations_is_told_how_to_open_one(client):
    assert "这台设备上还没有报名" in cards(client) and "/register/resume" in cards(client)


def test_the_one_next_thing_follows_what_is_missing(app, client):
    form = begin(client)
    assert "还差 6 项：先填写基本信息" in cards(client)
    save(app, client, form, 1, ABOUT)
    assert "还差 5 项：先填写讲解作品" in cards(client)
    save(app, client, form, 2, TALK)
    assert "还差 4 项：先上传选手照片" in cards(client)
    fill(app, client, form)
    assert "下一步：核对并提交" in cards(client)
    client.post(f"/my/entries/{form}/submit")
    assert "还差 1 项：上传幻灯片" in cards(client) and "剩 9 天" in cards(client)
    send(client, form, "slides", slides(), "讲解.pptx")
    assert "等待审核" in cards(client) and "还差" not in cards(client)


def test_a_returned_form_says_why_and_unlocks_only_what_was_named(app, client):
    form = submitted(app, client)
    decide(app, form, RegistrationState.RETURNED, "题目与内容不符", ["title"])
    assert "已退回，请修改 1 处" in cards(client) and "题目与内容不符" in cards(client)
    assert f"/my/entries/{form}/form/2" in cards(client)
    page = client.get(f"/my/entries/{form}/form/2").text
    title, teacher = (page.split(f'id="{name}"')[1].split(">")[0] for name in ("title", "teacher"))
    assert ("disabled" in title, "disabled" in teacher) == (False, True)
    assert save(app, client, form, 1, {"name": "别人"}).status_code == 409
    assert save(app, client, form, 2, {"title": "改好的题目"}).status_code == 303
    assert client.post(f"/my/entries/{form}/submit").status_code == 303
    assert len(registration(app, form).submissions) == 2


def test_an_accepted_entry_shows_its_number_and_then_its_score_as_the_board_does(app, client):
    form = submitted(app, client)
    send(client, form, "slides", slides(), "讲解.pptx")
    decide(app, form, RegistrationState.APPROVED)
    assert "出场号 01" in cards(client) and "已通过" in cards(client)
    first = builders.appearances(app)[0]
    builders.give_sheets(app, first)
    with app.app_context(), writing() as db:
        contest, now = queries.contest_by_slug(db, "xinghe"), datetime.now(UTC)
        appearance = queries.appearance_of(db, contest, first)
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=now)
        board.refresh(db, contest, now=now)
    page = client.get(f"/my/entries/{form}").text
    assert "87.50" in page and "第 1 名" in page and 'href="/contests/xinghe/board"' in page


def test_a_published_award_leads_to_its_certificate_and_a_hidden_one_does_not(app):
    slug, client = honoured.make(app), app.test_client()
    change(app, slug, **open_dates())
    form = submitted(app, client, slug)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        certifying.issue(db, contest, by=SYSTEM, now=datetime.now(UTC))
        first = db.scalars(select(Certificate).order_by(Certificate.id)).first()
        code, entry = first.versions[-1].code, first.award.entry_id
    alter(app, form, state=RegistrationState.APPROVED, entry_id=entry)
    assert f'href="/verify/{code}"' in cards(client) and "证书可下载" in cards(client)
    change(app, slug, awards_published_at=None)
    assert "/verify/" not in cards(client)


def test_after_the_deadline_an_unsubmitted_draft_says_so(app, client):
    begin(client)
    change(app, "xinghe", registration_closes_at=datetime.now(UTC) - timedelta(hours=1))
    assert "报名已截止，没有提交" in cards(client) and "程老师" in cards(client)


def test_the_last_hours_are_counted_down(app, client):
    form = begin(client)
    change(app, "xinghe", registration_closes_at=datetime.now(UTC) + timedelta(minutes=3))
    assert "即将截止" in cards(client)
    assert "data-until=" in client.get(f"/my/entries/{form}").text


def test_changing_a_submitted_form_makes_it_a_draft_and_says_what_that_means(app, client):
    form = submitted(app, client)
    assert "否则视为没有报名" in client.get(f"/my/entries/{form}").text
    assert client.post(f"/my/entries/{form}/reopen").status_code == 303
    assert registration(app, form).state is RegistrationState.DRAFT
    assert client.post(f"/my/entries/{form}/reopen").status_code == 409
    client.post(f"/my/entries/{form}/submit")
    assert registration(app, form).receipt == "R-0001"


def test_withdrawing_is_final_and_an_accepted_entry_asks_the_office(app, client):
    form = submitted(app, client)
    assert client.post(f"/my/entries/{form}/withdraw").status_code == 303
    assert "报名已撤回" in cards(client)
    assert client.post(f"/my/entries/{form}/withdraw").status_code == 409
    accepted = submitted(app, client)
    decide(app, accepted, RegistrationState.APPROVED)
    assert client.post(f"/my/entries/{accepted}/withdraw").status_code == 409
    assert "要退赛或更正，请联系组委会" in client.get(f"/my/entries/{accepted}").text


def test_a_typed_code_opens_the_form_on_another_device(app, client):
    form = begin(client)
    save(app, client, form, 1, ABOUT)
    code = code_of(app, form)
    assert code in client.get(f"/my/entries/{form}/card").text
    for typed in (code, code.lower(), code.replace("-", " ")):
        other = app.test_client()
        assert other.post("/register/resume", data={"code": typed}).location == f"/my/entries/{form}"
        assert "沈知遥" in cards(other)


@pytest.mark.parametrize("typed", ["", "K7M2-9QPX-4T8H", "x" * 500, "<b>"])
def test_a_wrong_code_is_refused_and_stays_in_the_field(app, client, typed):
    begin(client)
    refused = app.test_client().post("/register/resume", data={"code": typed})
    assert (refused.status_code, refused.text.count("码不对，或已换了新码卡")) == (422, 2)


def test_codes_cannot_be_tried_without_end(app, client):
    app.config["RATELIMIT_ENABLED"] = True
    limiter.enabled = True
    try:
        told = [client.post("/register/resume", data={"code": f"AAAA-{at:04d}"}).status_code for at in range(31)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert told == [422] * 30 + [429]


def test_a_scanned_card_shows_whose_form_it_is_and_opens_it_by_a_press(app, client):
    form = begin(client)
    save(app, client, form, 1, ABOUT)
    other, address = app.test_client(), f"/register/resume/{token_of(app, form)}"
    page = other.get(address).text
    assert "沈* 同学的报名" in page and "沈知遥" not in page
    assert "这台设备上还没有报名" in cards(other)
    assert other.post(address).location == f"/my/entries/{form}"
    assert "沈知遥" in cards(other)


def test_a_new_card_ends_the_old_one_and_every_other_device(app, client):
    form = begin(client)
    code, token, other = code_of(app, form), token_of(app, form), app.test_client()
    other.post("/register/resume", data={"code": code})
    assert client.post(f"/my/entries/{form}/card").status_code == 303
    assert other.get(f"/my/entries/{form}").status_code == 404
    assert other.post("/register/resume", data={"code": code}).status_code == 422
    assert other.get(f"/register/resume/{token}").status_code == 404
    assert client.get(f"/my/entries/{form}").status_code == 200
    assert code_of(app, form) in client.get(f"/my/entries/{form}/card").text


@pytest.mark.parametrize("token", ["x", "a.1.b", "a.b", "..", "a.999999999999.b"])
def test_a_made_up_card_opens_nothing(client, token):
    assert client.get(f"/register/resume/{token}").status_code == 404
    assert client.post(f"/register/resume/{token}").status_code == 404


def test_letting_go_forgets_this_device_alone(app, client):
    form, kept = begin(client), begin(client)
    assert client.post(f"/my/entries/{form}/let-go").status_code == 303
    assert client.get(f"/my/entries/{form}").status_code == 404
    assert client.get(f"/my/entries/{kept}").status_code == 200
    assert registration(app, form).state is RegistrationState.DRAFT


def test_the_dates_are_a_calendar_file(app, client):
    form = submitted(app, client)
    change(app, "xinghe", place="科技馆; 一层, 大厅")
    answer = client.get(f"/my/entries/{form}/dates.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.text.count("BEGIN:VEVENT") == 2 and "科技馆\\; 一层\\, 大厅" in answer.text
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    alter(app, form, extended_until=None)


@pytest.mark.parametrize("lang, said", [("zh", "我的参赛"), ("en", "My entries")])
def test_the_pages_speak_both_languages(app, client, lang, said):
    form = submitted(app, client)
    for path in ("/my", f"/my/entries/{form}"):
        assert said in client.get(f"{path}?lang={lang}").text


def test_a_contestant_learns_the_number_when_the_order_is_published(app, client):
    form = submitted(app, client)
    send(client, form, "slides", slides(), "讲解.pptx")
    decide(app, form, RegistrationState.APPROVED)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        first = db.scalars(select(Entry).order_by(Entry.position)).first()
        first.code = "K-7"
        drawn = db.scalars(select(Appearance).where(Appearance.entry_id == first.id)).one()
        drawn.round.state = RoundState.OPEN
        ordering.place(
            db, contest, appearance=drawn, position=2, account=add_reviewer(db), reason="", by=SYSTEM,
            now=builders.NOW,
        )  # fmt: skip
    pages = ("/my", f"/my/entries/{form}")
    assert ["出场号 02" in client.get(page).text for page in pages] == [False, False]
    assert '<p class="pass__number num">K-7</p>' in client.get(f"/my/entries/{form}/pass").text
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        ordering.publish(db, contest, round_=contest.rounds[0], by=SYSTEM, now=builders.NOW)
    assert ["出场号 02" in client.get(page).text for page in pages] == [True, True]
    assert '<p class="pass__number num">02</p>' in client.get(f"/my/entries/{form}/pass").text
