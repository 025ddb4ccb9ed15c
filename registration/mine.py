"""HTTP in, HTTP out: 我的参赛, the one next thing to do, the code card, taking a registration back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contest import admitting, answers, honours, registering
from contest.naming import clean
from registration import calendar, queries
from registration.blueprint import blueprint
from registration.form import files_of, page_address
from registration.starting import SEE_OTHER
from web import holding, links, qr
from web.db import reading, writing


@blueprint.get("/my")
def my() -> str:
    """A card for every registration this device holds, each with its one next thing to do."""
    now = datetime.now(UTC)
    with reading() as db:
        cards = [queries.overview(db, each, now=now) for each in holding.held(db)]
        return render_template("registration/my.html", cards=cards)


@blueprint.get("/my/entries/<registration>")
def mine(registration: str) -> str:
    """What happened to a registration, and the next thing to do."""
    with reading() as db:
        found = holding.held_one(db, registration)
        now = datetime.now(UTC)
        card = queries.overview(db, found, now=now)
        files = files_of(found, 3, now) if card.slides_open and found.receipt is not None else []
        return render_template(
            "registration/mine.html", card=card, registration=found, contest=found.contest, files=files,
            can_reopen=admitting.may_reopen(found, now=now), certificates=honours.own_certificates(db, found),
        )  # fmt: skip


@blueprint.get("/my/entries/<registration>/card")
def card(registration: str) -> str:
    """The code card, to print or to keep as a picture."""
    with reading() as db:
        found = holding.held_one(db, registration)
        code = links.registration_code(found.public_id, found.generation)
        address = links.absolute("registration.card_scanned", token=links.registration_token(found))
        return render_template(
            "registration/card.html", registration=found, contest=found.contest, code=code,
            name=clean(answers.read(found.answers).get("name", "")),
            qr=qr.svg(address, label=_("打开这份报名的二维码")),
            typed_at=links.absolute("registration.resume").partition("://")[2],
        )  # fmt: skip


@blueprint.post("/my/entries/<registration>/card")
def new_card(registration: str) -> Response:
    """Replace the code card: the old one opens nothing any more."""
    with writing() as db:
        found = holding.held_one(db, registration)
        registering.new_code(db, found, code_for=links.registration_code, now=datetime.now(UTC))
    holding.hold(found)
    flash(_("已换新码卡。旧码卡不能再用，其他设备也已移除这份报名。"), "success")
    return redirect(url_for("registration.card", registration=registration), SEE_OTHER)


@blueprint.post("/my/entries/<registration>/reopen")
def reopen(registration: str) -> Response:
    """Make a submitted form a draft again."""
    with writing() as db:
        registering.reopen(db, holding.held_one(db, registration), now=datetime.now(UTC))
    flash(_("已改回草稿。改好后请重新提交，截止前没有重新提交视为没有报名。"), "warning")
    return redirect(page_address(registration, 1), SEE_OTHER)


@blueprint.post("/my/entries/<registration>/withdraw")
def withdraw(registration: str) -> Response:
    """Give the registration up."""
    with writing() as db:
        registering.withdraw(db, holding.held_one(db, registration), now=datetime.now(UTC))
    flash(_("报名已撤回。"), "success")
    return redirect(url_for("registration.mine", registration=registration), SEE_OTHER)


@blueprint.post("/my/entries/<registration>/let-go")
def let_go(registration: str) -> Response:
    """Forget a registration on this device; its code card opens it again."""
    with reading() as db:
        holding.let_go(holding.held_one(db, registration))
    flash(_("已从本机移除。需要时用码卡重新打开。"), "success")
    return redirect(url_for("registration.my"), SEE_OTHER)


@blueprint.get("/my/entries/<registration>/dates.ics")
def dates(registration: str) -> FlaskResponse:
    """The deadline and the day of the contest for a phone's calendar."""
    with reading() as db:
        text = calendar.dates(holding.held_one(db, registration), now=datetime.now(UTC))
    answer = FlaskResponse(text, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return answer
