"""HTTP in, HTTP out: signing in and out, and the language switch."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.forms import LoginForm
from contest.models import Account
from web.db import reading
from web.limits import limiter, name_tried
from web.roles import SignedIn
from web.words import COOKIE, LANGUAGES

blueprint = Blueprint("accounts", __name__)
hasher = PasswordHasher()
YEAR_SECONDS = 365 * 24 * 3600


@blueprint.get("/login")
def login() -> str | Response:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(own_address(request.args.get("next")))
    return render_template("accounts/login.html", form=LoginForm(next=request.args.get("next", "")))


@blueprint.post("/login")
@limiter.limit("10 per minute", key_func=name_tried)
@limiter.limit("120 per minute")
def sign_in() -> tuple[str, int] | Response:
    """Check name and password; what was typed as the name stays in the form."""
    form = LoginForm(request.form)
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), 422
    signed_in = check_password(form.username.data.strip(), form.password.data)
    if signed_in is None:
        form.password.errors = [_("用户名或密码不对，请检查后再试。")]
        return render_template("accounts/login.html", form=form), 422
    session.permanent = True
    login_user(signed_in)
    return redirect(own_address(form.next.data))


@blueprint.post("/logout")
def logout() -> Response:
    """Sign out; seats this browser holds stay."""
    logout_user()
    flash(_("已退出登录。"), "success")
    return redirect(url_for("leaderboard.index"))


@blueprint.post("/language")
def language() -> Response:
    """Choose the language of all pages on this device."""
    response = redirect(own_address(request.form.get("next"), home="leaderboard.index"))
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax")
    return response


def check_password(username: str, password: str) -> SignedIn | None:
    """The account of this name and password, or None. Takes as long for a name that does not exist."""
    with reading() as db:
        account = db.scalars(
            select(Account).where(Account.username == username, Account.disabled_at.is_(None))
        ).one_or_none()  # fmt: skip
    try:
        hasher.verify(account.password_hash if account else hash_of_nobody(), password)
    except (Argon2Error, InvalidHashError):
        return None
    return SignedIn.of(account) if account else None


@cache
def hash_of_nobody() -> str:
    """What is verified where there is no such account: the time of the answer does not tell which names exist."""
    return hasher.hash("nobody")


def own_address(asked: str | None, *, home: str = "organizer.home") -> str:
    """The address asked for if it is a page of ours, else home: nobody is sent to another site."""
    try:
        parts = urlsplit((asked or "").replace("\\", "/"))
    except ValueError:
        return url_for(home)
    if not asked or parts.scheme or parts.netloc or not asked.startswith("/") or asked.startswith("//"):
        return url_for(home)
    return asked if asked.isprintable() else url_for(home)
