"""flask accounts: who can sign in, and a new code for a lost password."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from contest.models import Account, Role
from tests import builders
from web import venue
from web.db import writing


def test_the_list_says_who_can_sign_in_and_what_they_are(app: Flask, final: str):
    builders.make_account(app, "linjing", works_for="星河市科学技术协会", name="林静")
    builders.make_account(app, "qiaomu", Role.SCOREKEEPER, Role.TIMER, contest=final, name="乔木")
    with app.app_context(), writing() as db:
        db.scalars(select(Account).where(Account.username == "linjing")).one().password_hash = "x"
        db.scalars(select(Account).where(Account.username == "qiaomu")).one().disabled_at = builders.NOW
    said = app.test_cli_runner().invoke(args=["accounts", "list"]).stdout.splitlines()
    assert [line.split() for line in said] == [
        ["linjing", "active", "林静", "office:星河市科学技术协会"],
        ["qiaomu", "disabled", "乔木", "scorekeeper,", "timer"],
    ]


def test_an_empty_installation_says_how_its_first_account_is_made(app: Flask):
    assert "make venue" in app.test_cli_runner().invoke(args=["accounts", "list"]).stdout


def test_a_lost_password_is_mended_with_a_new_code(app: Flask):
    builders.make_account(app, "linjing", works_for="星河市科学技术协会")
    done = app.test_cli_runner().invoke(args=["accounts", "reset", "linjing"])
    code = re.search(r"linjing: ([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}) ", done.stdout)
    assert code is not None
    chosen = {"password": "a new long one", "confirm": "a new long one"}
    fields = {"organization": "x", "display_name": "x", "username": "x"}  # nobody has opened this installation yet
    assert app.test_client().post("/welcome", data={"code": code[1], **chosen, **fields}).status_code == 303
    signed_in = app.test_client().post("/login", data={"username": "linjing", "password": "a new long one"})
    assert signed_in.location == "/admin"


def test_an_unknown_and_a_disabled_account_are_one_clear_line(app: Flask):
    builders.make_account(app, "gone")
    with app.app_context(), writing() as db:
        db.scalars(select(Account)).one().disabled_at = builders.NOW
    for username, said in (("nobody", "there is no account nobody"), ("gone", "the account gone is disabled")):
        done = app.test_cli_runner().invoke(args=["accounts", "reset", username])
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert said in done.stderr


def test_the_code_is_printed_with_the_address_that_the_venue_was_started_with(app):
    builders.make_account(app, "linjing")
    settings = app.extensions["lectern_settings"]
    venue.remember(settings.instance, "192.168.1.10", 8080, "http://192.168.1.10:8080")
    said = app.test_cli_runner().invoke(args=["accounts", "reset", "linjing"]).output
    assert said.startswith("http://192.168.1.10:8080/welcome   code for linjing: ")
