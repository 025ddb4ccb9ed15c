"""Signing in: who gets in, what is said to who does not, and where one lands."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.routes import hasher
from contest.models import Account
from tests import builders
from web.db import writing


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser; the account is "chengxiu" with the password "orbit 7"."""
    builders.make_account(app, "chengxiu", name="程岫")
    with app.app_context(), writing() as db:
        db.scalars(select(Account)).one().password_hash = hasher.hash("orbit 7")
    return app.test_client()


def sign_in(client: FlaskClient, username: str = "chengxiu", **more: str):
    return client.post("/login", data={"username": username, "password": "orbit 7"} | more)


def test_name_and_password_open_the_own_contests(client):
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (302, "/admin")
    assert "您还没有参与任何比赛" in client.get("/admin").text


@pytest.mark.parametrize("username, password", [
    ("chengxiu", "orbit 8"), ("nobody", "orbit 7"), ("CHENGXIU", "orbit 7"),
])  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(client, username, password):
    answer = sign_in(client, username, password=password)
    assert answer.status_code == 422
    assert answer.text.count("用户名或密码不对，请检查后再试。") == 2  # in the summary and beside the field
    assert f'value="{username}"' in answer.text
    assert password not in answer.text


@pytest.mark.parametrize("missing, said", [("username", "请填写用户名"), ("password", "请填写密码")])
def test_what_is_missing_is_named_on_top_and_beside_its_field(client, missing, said):
    answer = sign_in(client, **{missing: ""})
    assert (answer.status_code, answer.text.count(said)) == (422, 2)
    assert f'<a href="#{missing}">' in answer.text


def test_the_name_that_was_typed_is_shown_and_never_run(client):
    answer = sign_in(client, username='"><script>alert(1)</script>', password="x")
    assert "<script>alert" not in answer.text


def test_one_lands_where_one_wanted_to_go(client):
    asked = client.get("/ops/xinghe", headers={"Accept": "text/html"})
    assert asked.location == "/login?next=/ops/xinghe"
    assert 'name="next" value="/ops/xinghe"' in client.get(asked.location).text
    assert sign_in(client, next="/ops/xinghe").location == "/ops/xinghe"


@pytest.mark.parametrize("elsewhere", [
    "https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "admin", "/admin\r\nX: y",
])  # fmt: skip
def test_nobody_is_sent_to_another_site(client, elsewhere):
    assert sign_in(client, next=elsewhere).location == "/admin"


def test_a_disabled_account_opens_nothing(app, client):
    sign_in(client)
    with app.app_context(), writing() as db:
        db.scalars(select(Account)).one().disabled_at = builders.NOW
    assert client.get("/admin", headers={"Accept": "text/html"}).status_code == 302
    assert sign_in(client).status_code == 422


def test_signing_out_leaves_nothing_open(client):
    sign_in(client)
    assert client.post("/logout").status_code == 302
    assert client.get("/admin", headers={"Accept": "text/html"}).location == "/login?next=/admin"


def test_the_language_is_kept_on_the_device(client):
    answer = client.post("/language", data={"language": "en", "next": "/login"})
    assert (answer.status_code, answer.location) == (302, "/login")
    assert '<html lang="en"' in client.get("/login").text
    client.post("/language", data={"language": "xx"})
    assert '<html lang="en"' in client.get("/login").text
