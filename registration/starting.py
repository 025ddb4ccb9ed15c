"""HTTP in, HTTP out: the way into a form, new or by its code card."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import admitting, answers, queries, registering
from contest.errors import NotFound
from contest.models import Contest, Registration
from contest.naming import clean
from contest.refusals import RegistrationClosed
from contest.staffing import code_hash
from registration.blueprint import blueprint
from web import holding, links
from web.db import reading, writing
from web.limits import limiter

SEE_OTHER = 303


@blueprint.get("/contests/<slug>/register")
def start(slug: str) -> str:
    """Whether one can register now, what it takes, and the drafts this device holds already."""
    with reading() as db:
        contest = public_contest(db, slug)
        return start_page(db, contest, why_not(db, contest, now=datetime.now(UTC)))


@blueprint.post("/contests/<slug>/register")
@limiter.limit("60 per minute")
def begin(slug: str) -> Response | tuple[str, int]:
    """Make a draft and let this device hold it."""
    now = datetime.now(UTC)
    try:
        with writing() as db:
            contest = public_contest(db, slug)
            refuse(why_not(db, contest, now=now))
            made = registering.start_registration(db, contest, code_for=links.registration_code, now=now)
    except RegistrationClosed as closed:
        with reading() as db:
            return start_page(db, public_contest(db, slug), str(closed.args_["why"])), 409
    holding.hold(made)
    return redirect(url_for("registration.form", registration=made.public_id, page=1), SEE_OTHER)


@blueprint.get("/register/resume")
def resume() -> str:
    """Where the code of a card is typed."""
    return render_template("registration/resume.html", typed="", wrong=False)


@blueprint.post("/register/resume")
@limiter.limit("30 per minute")
@limiter.limit("10 per minute", key_func=lambda: f"code:{code_hash(request.form.get('code', '')[:64])}")
def resume_typed() -> Response | tuple[str, int]:
    """Open the form of a typed code on this device."""
    typed = request.form.get("code", "")[:64]
    with reading() as db:
        found = db.scalars(select(Registration).where(Registration.code_hash == code_hash(typed))).one_or_none()
    if found is None:
        return render_template("registration/resume.html", typed=typed, wrong=True), 422
    return opened(found)


@blueprint.get("/register/resume/<token>")
def card_scanned(token: str) -> str:
    """Whose form a scanned card opens; nothing is opened yet."""
    with reading() as db:
        found = by_token(db, token)
        name = clean(answers.read(found.answers).get("name", ""))
        return render_template("registration/opened.html", contest=found.contest, initial=name[:1], token=token)


@blueprint.post("/register/resume/<token>")
def open_card(token: str) -> Response:
    """Open the form of a scanned card on this device."""
    with reading() as db:
        return opened(by_token(db, token))


def opened(registration: Registration) -> Response:
    """Hold a registration on this device and go where it goes on."""
    holding.hold(registration)
    flash(_("已在这台设备上打开。用完公用设备，请点「从本机移除」。"), "success")
    return redirect(url_for("registration.mine", registration=registration.public_id), SEE_OTHER)


def by_token(db: Session, token: str) -> Registration:
    """The registration of a card's token. Raises NotFound for a card that was replaced by a newer one."""
    found = links.open_token("registration", token)
    registration = queries.only(db, select(Registration).where(Registration.public_id == found.public_id))
    if registration.generation != found.generation:
        raise NotFound
    return registration


def why_not(db: Session, contest: Contest, *, now: datetime) -> str | None:
    """Why nobody can register by themselves now. A contest without any date for it takes no registrations yet."""
    if contest.registration_opens_at is None and contest.registration_closes_at is None:
        return "closed" if contest.starts_at is not None and now >= contest.starts_at else "before"
    return admitting.why_closed(db, contest, now=now)


def refuse(why: str | None) -> None:
    """Raises RegistrationClosed where there is a reason."""
    if why is not None:
        raise RegistrationClosed(why=why)


def public_contest(db: Session, slug: str) -> Contest:
    """A contest the public knows of. Raises NotFound before it is published."""
    contest = queries.contest_by_slug(db, slug)
    if contest.published_at is None:
        raise NotFound
    return contest


def start_page(db: Session, contest: Contest, why: str | None) -> str:
    """The page before the form."""
    left = None if contest.quota is None else max(0, contest.quota - admitting.places_taken(db, contest))
    held = holding.held(db, contest=contest)
    names = {each.public_id: answers.read(each.answers).get("name", "") for each in held}
    return render_template("registration/start.html", contest=contest, why=why, held=held, names=names, left=left)
