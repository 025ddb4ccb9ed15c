"""The gate before every request: the table of web/roles.py is asked, and a route that is not in it is refused."""

from __future__ import annotations

from flask import Flask, Response, g, redirect, request, url_for
from flask_login import LoginManager, current_user
from sqlalchemy import select

from contest import queries
from contest.errors import NotFound, NotPermitted
from contest.models import Account
from web.db import reading
from web.roles import ROUTES, Access, SignedIn, duties, may, offices, opens


def init_app(app: Flask) -> None:
    """Ask the table before every request."""
    manager = LoginManager(app)
    manager.session_protection = None  # A laptop's address may change in mid-event; nobody is logged out for it.
    manager.user_loader(_load)
    app.before_request(_ask)
    app.jinja_env.globals.update(may=may, opens=opens)


def _load(kept: str) -> SignedIn | None:
    public_id = kept.partition(".")[0]
    with reading() as db:
        account = db.scalars(
            select(Account).where(Account.public_id == public_id, Account.disabled_at.is_(None))
        ).one_or_none()  # fmt: skip
    found = SignedIn.of(account) if account is not None else None
    return found if found is not None and found.get_id() == kept else None


def _ask() -> Response | None:
    if request.endpoint is None:
        return None  # No such address: the 404 page follows.
    needed = ROUTES.get(request.endpoint)
    if needed is None:
        raise NotPermitted
    if needed in (Access.PUBLIC, Access.TOKEN, Access.LEASE, Access.HOLDER):
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if needed is Access.OFFICE and not offices(current_user.id):
        raise NotPermitted
    if isinstance(needed, frozenset):
        slug = (request.view_args or {})["slug"]
        with reading() as db:
            g.duties = duties(db, current_user.id, queries.contest_by_slug(db, slug))
        if not g.duties:
            raise NotFound  # Whoever has no part in a contest is not told that its desk exists.
        if not needed & g.duties:
            raise NotPermitted
    return None


def _to_login() -> Response:
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        address = request.full_path if request.query_string else request.path
        return redirect(url_for("accounts.login", next=address))  # type: ignore[return-value]
    raise NotPermitted
