"""HTTP in, HTTP out: the public check of a certificate. It tells no more than the public notice does."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from certificates import queries, setting
from certificates.blueprint import blueprint
from certificates.queries import Status
from contest import certifying
from web.db import reading
from web.limits import limiter
from web.live import now

# A whole hall with its parents shares one address; nobody finds one code of 78 bits by trying.
OFTEN = "1200 per minute"
NUMBER = re.compile(r"[A-Z0-9-]+-[AT]\d+-\d{4,}")


@blueprint.get("/verify")
@limiter.limit(OFTEN)
def ask() -> Response | Answer | tuple[str, int]:
    """Ask for a check code, or go to the page of the one that was typed."""
    typed = request.args.get("code", "").strip()[:300]
    if not typed:
        return make_response(render_template("certificates/ask.html", typed="", error=None))
    code = _code_in(typed)
    if len(code) == certifying.CODE_LENGTH:
        return redirect(url_for(".verify", code=code), code=303)
    if NUMBER.fullmatch(typed.upper()):
        error = _("这是证书编号。为保护获奖人，请输入编号下面的防伪码。")
    else:
        error = _("防伪码是 16 位字母和数字，印在证书编号下面。")
    return render_template("certificates/ask.html", typed=typed, error=error), 422


@blueprint.get("/verify/<code>")
@limiter.limit(OFTEN)
def verify(code: str) -> tuple[str, int]:
    """What a check code opens: valid, corrected, revoked, not published yet, or no such certificate."""
    with reading() as db:
        found = queries.check(db, code)
        page = render_template(
            "certificates/verify.html", check=found, grouped=setting.grouped, now=now(), long_date=_long_date
        )
    return page, 404 if found.status is Status.MISSING else 200


def _long_date(day: date) -> str:
    return str(format_date(day, "long"))


def _code_in(typed: str) -> str:
    """The code in what was typed: itself, with or without hyphens, or the address a QR code holds."""
    path = urlsplit(typed).path if "/" in typed else typed
    return certifying.plain_code(path.rstrip("/").rsplit("/", 1)[-1])
