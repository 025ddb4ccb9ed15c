"""A one-time code opens an account: the very first owner, a colleague, a lost password; and what is said to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.routes import check_password
from contest import staffing
from contest.models import Account, Organization
from tests import builders
from web.db import reading, writing
from web.limits import limiter
from web.live import now

CHOSEN = {"password": "a long orbit", "confirm": "a long orbit"}
OWNER = {"organization": "星河市科学技术协会", "display_name": "林静", "username": "linjing", **CHOSEN}
SAME_WORDS = "这个码不对、已用过或已过期，请向管理员要一个新的。"


def code_of(app: Flask, username: str | None = None) -> str:
    """A fresh one-time code: of this account, or of the installation's first owner."""
    with app.app_context(), writing() as db:
        if username is None:
            return staffing.first_code(db, now=now()) or ""
        account = db.scalars(select(Account).where(Account.username == username)).one()
        return staffing.issue_code(db, account=account, now=now())


@pytest.fixture
def opened(app: Flask) -> Flask:
    """An installation that its first owner has opened, and a colleague's account without a password."""
    app.test_client().post("/welcome", data={"code": code_of(app), **OWNER})
    builders.make_account(app, "qiaomu", name="乔木")
    return app


def test_the_first_owner_names_the_organization_and_is_signed_in_as_its_organizer(app):
    client = app.test_client()
    assert "主办单位" in client.get("/welcome").text
    answer = client.post("/welcome", data={"code": code_of(app), **OWNER})
    assert (answer.status_code, answer.location) == (303, "/admin")
    assert "林静" in client.get("/admin").text
    with app.app_context(), reading() as db:
        account = db.scalars(select(Account)).one()
        assert (account.username, account.code_hash) == ("linjing", None)
        assert [each.organization.name for each in account.memberships] == ["星河市科学技术协会"]
    with app.test_request_context():
        assert check_password("linjing", "a long orbit") is not None


def test_once_opened_there_is_no_first_owner_any_more(opened):
    assert code_of(opened) == ""
    assert "主办单位" not in opened.test_client().get("/welcome").text


def test_a_new_code_for_the_first_owner_ends_the_one_before(app):
    old, new = code_of(app), code_of(app)
    assert SAME_WORDS in app.test_client().post("/welcome", data={"code": old, **OWNER}).text
    assert app.test_client().post("/welcome", data={"code": new.lower().replace("-", " "), **OWNER}).status_code == 303


def test_a_colleague_only_chooses_a_password(opened):
    client = opened.test_client()
    assert client.post("/welcome", data={"code": code_of(opened, "qiaomu"), **CHOSEN}).status_code == 303
    assert "乔木" in client.get("/admin").text


def test_a_new_password_ends_every_session_that_began_with_the_old_one(opened):
    lost, found = opened.test_client(), opened.test_client()
    lost.post("/welcome", data={"code": code_of(opened, "qiaomu"), **CHOSEN})
    again = {"password": "another orbit", "confirm": "another orbit"}
    assert found.post("/welcome", data={"code": code_of(opened, "qiaomu"), **again}).status_code == 303
    assert "乔木" in found.get("/admin").text
    assert lost.get("/admin", headers={"Accept": "text/html"}).status_code == 302


def test_a_wrong_a_used_and_an_old_code_are_told_in_the_same_words(opened):
    code = code_of(opened, "qiaomu")
    opened.test_client().post("/welcome", data={"code": code, **CHOSEN})
    late = code_of(opened, "linjing")
    with opened.app_context(), writing() as db:
        account = db.scalars(select(Account).where(Account.username == "linjing")).one()
        account.code_expires_at = now() - timedelta(seconds=1)
    for tried in ("ABCD-EFGH-JKMN", code, late):
        answer = opened.test_client().post("/welcome", data={"code": tried, **CHOSEN})
        assert (answer.status_code, answer.text.count(SAME_WORDS)) == (422, 2)


@pytest.mark.parametrize("changed, said", [
    ({"password": "short", "confirm": "short"}, "密码至少 10 个字符"),
    ({"confirm": "another orbit"}, "两次输入的密码不一样"),
    ({"organization": ""}, "请填写主办单位"),
    ({"organization": "\u200b"}, "这一项必须填写"),
    ({"username": "lin jing"}, "用户名里不能有空格"),
    ({"display_name": ""}, "请填写您的姓名"),
    ({"code": ""}, "请填写一次性码"),
])  # fmt: skip
def test_what_is_wrong_stands_on_top_and_beside_its_field_and_the_rest_stays_typed(app, changed, said):
    answer = app.test_client().post("/welcome", data={"code": code_of(app), **OWNER, **changed})
    assert (answer.status_code, answer.text.count(said)) == (422, 2)
    assert "a long orbit" not in answer.text
    if "organization" not in changed:
        assert 'value="星河市科学技术协会"' in answer.text
    with app.app_context(), reading() as db:
        assert db.scalars(select(Organization)).all() == []


def test_a_taken_username_is_refused_and_the_code_stays_good(app):
    code = code_of(app)
    builders.make_account(app, "linjing")
    client = app.test_client()
    assert "「linjing」已经有了" in client.post("/welcome", data={"code": code, **OWNER}).text
    assert client.post("/welcome", data={"code": code, **OWNER, "username": "linjing2"}).status_code == 303


def test_a_code_that_comes_with_the_address_is_filled_in_and_changes_nothing(app):
    code = code_of(app)
    page = app.test_client().get(f"/welcome?code={code}")
    assert f'value="{code}"' in page.text
    assert app.test_client().post("/welcome", data={"code": code, **OWNER}).status_code == 303


def test_one_code_is_tried_ten_times_a_minute_from_wherever_it_is_tried(tmp_path):
    app = builders.make_app(tmp_path)
    app.config["RATELIMIT_ENABLED"] = True
    limiter.enabled = True
    try:
        tried = {"code": "ABCD-EFGH-JKMN", **OWNER}
        statuses = [
            app.test_client().post("/welcome", data=tried, environ_base={"REMOTE_ADDR": f"192.0.2.{at}"}).status_code
            for at in range(1, 12)
        ]
    finally:
        limiter.enabled = False
        limiter.reset()
        app.extensions["lectern_engine"].dispose()
    assert statuses == [422] * 10 + [429]
