"""Limits on what may be tried often. A whole hall shares one address, so what counts by address is not tight."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from contest.errors import Malformed, NotFound
from contest.staffing import code_hash
from settings import Settings

limiter = Limiter(key_func=get_remote_address, default_limits=[])


def name_tried() -> str:
    """The account a sign-in tries, so that one name is limited from wherever it is tried."""
    return f"login:{request.form.get('username', '')[:64].strip().lower()}"


def code_tried() -> str:
    """The one-time code that is tried, however it is written, so that one code is limited from wherever it is tried."""
    return f"code:{code_hash(request.form.get('code', '')[:64])}"


def lease_used() -> str:
    """The lease a message claims: a panel shares one address, so tablets are counted apart."""
    return f"lease:{request.headers.get('X-Lease', '')[:64]}"


def refuse_nul() -> None:
    """No text of ours holds a NUL and PostgreSQL cannot store or compare one. Raises NotFound, Malformed."""
    if any("\x00" in str(part) for part in (request.view_args or {}).values()):
        raise NotFound
    if any("\x00" in text for text in request.args.values()):
        raise Malformed(what="NUL")
    is_form = request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
    if is_form and any("\x00" in text for _name, texts in request.form.lists() for text in texts):
        raise Malformed(what="NUL")


def init_app(app: Flask, settings: Settings) -> None:
    """Count in Redis where several workers share the work, else in this process; refuse what nothing can hold."""
    app.before_request(refuse_nul)
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    # A Redis that went away must not stop the marks: each worker then counts by itself until it is back.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)
    limiter.init_app(app)
