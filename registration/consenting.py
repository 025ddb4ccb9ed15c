"""A guardian's consent: on their own phone by a private link, or as a signed form that is uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import consenting, queries
from contest.errors import DiskFull, FileRefused, NotFound, TextRefused
from contest.models import Consent, Registration, RegistrationState
from contest.refusals import RegistrationClosed
from registration import consent_paper, consent_words
from registration.blueprint import blueprint
from web import holding, links, live, qr, uploads
from web.db import reading, writing
from web.errors import STATUS
from web.limits import limiter
from web.paper.page import sent
from web.sentences import sentence
from web.uploads import MEGABYTE, Kind

MOST_FORM = 10 * MEGABYTE
# A form that is a little too large is read, so that its size can be told.
MOST_READ = 40 * MEGABYTE
SEE_OTHER = 303


@dataclass(frozen=True)
class Standing:
    """What the contestant's pages say of a guardian's consent."""

    needed: bool
    given: Consent | None
    said: str


@blueprint.app_template_global()
def consent_of(registration: Registration) -> Standing:
    """Whether a registration needs a guardian's consent, and the one it has."""
    given = consenting.standing_consent(registration)
    needed = consenting.needs_consent(registration, now=live.now())
    return Standing(needed, given, consent_words.said(given) if given else "")


@blueprint.get("/consent/<token>")
def consent(token: str) -> str:
    """What the guardian is asked, in plain words; once it was given, when, and how to withdraw it."""
    with reading() as db:
        return _guardian_page(_asked(db, token), token)


@blueprint.post("/consent/<token>")
@limiter.limit("60 per minute")
def give_consent(token: str) -> Response | tuple[str, int]:
    """The guardian's yes."""
    with reading() as db:
        found = _asked(db, token)
        faults = _faults(request.form) | ({} if "agreed" in request.form else {"agreed": _("请先勾选，再提交。")})
        if faults:
            return _guardian_page(found, token, faults), 422
    with writing() as db:
        found = _asked(db, token)
        if found.state is RegistrationState.WITHDRAWN:
            raise RegistrationClosed(why="withdrawn")
        consenting.give_by_link(
            db, found, guardian=request.form.get("guardian", ""), relation=request.form.get("relation", ""),
            now=live.now(),
        )  # fmt: skip
    return redirect(url_for(".consent", token=token), SEE_OTHER)


@blueprint.post("/consent/<token>/withdraw")
@limiter.limit("60 per minute")
def withdraw_consent(token: str) -> Response:
    """The guardian takes the consent back."""
    with writing() as db:
        consenting.withdraw_consent(db, _asked(db, token), now=live.now())
    flash(_("已撤回同意。"), "success")
    return redirect(url_for(".consent", token=token), SEE_OTHER)


@blueprint.get("/my/entries/<registration>/consent")
def own_consent(registration: str) -> str:
    """The private link for the guardian's phone, and the form to sign on paper."""
    with reading() as db:
        return _own_page(holding.held_one(db, registration))


@blueprint.post("/my/entries/<registration>/consent")
@uploads.takes(MOST_READ)
def upload_consent(registration: str) -> Response | tuple[str, int]:
    """Take in a photo or scan of the signed form."""
    with reading() as db:
        found = holding.held_one(db, registration)
        if found.state is RegistrationState.WITHDRAWN:
            raise RegistrationClosed(why="withdrawn")
        faults = _faults(request.form)
        if faults:
            return _own_page(found, faults), 422
    try:
        file = request.files.get("file")
        received = uploads.receive(file, kinds={Kind.IMAGE, Kind.PDF}, most_bytes=MOST_FORM)
        with writing() as db:
            found = holding.held_one(db, registration)
            kept = uploads.keep(db, found.contest, received, now=live.now())
            consenting.give_by_form(
                db, found, guardian=request.form.get("guardian", ""), relation=request.form.get("relation", ""),
                file=kept, now=live.now(),
            )  # fmt: skip
    except (FileRefused, DiskFull) as refused:
        with reading() as db:
            found = holding.held_one(db, registration)
            return _own_page(found, {"file": sentence(refused)}), STATUS[type(refused)]
    flash(_("签字的同意书已上传。"), "success")
    return redirect(url_for(".own_consent", registration=registration), SEE_OTHER)


@blueprint.get("/my/entries/<registration>/consent-form.pdf")
def consent_form(registration: str) -> Response:
    """The form to print and sign, filled in as far as it is known."""
    with reading() as db:
        found = holding.held_one(db, registration)
        return sent(consent_paper.form(found, now=live.now()), "consent-form")


def _asked(db: Session, token: str) -> Registration:
    """The registration of a guardian's link. A replaced link still lets a consent be seen and withdrawn; no more.

    Raises NotFound.
    """
    opened = links.open_token("consent", token)
    found = queries.only(db, select(Registration).where(Registration.public_id == opened.public_id))
    if opened.generation != found.generation and not consenting.has_consent(found):
        raise NotFound
    return found


def _faults(form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the guardian's name and relation, in words by field."""
    faults: dict[str, str] = {}
    try:
        consenting.check(form.get("guardian", ""), consenting.RELATIONS[0])
    except TextRefused as refused:
        empty = refused.args_["why"] == "empty"
        faults["guardian"] = str(_("请填写监护人姓名。")) if empty else sentence(refused)
    if form.get("relation") not in consenting.RELATIONS:
        faults["relation"] = _("请选择您与孩子的关系。")
    return faults


def _guardian_page(found: Registration, token: str, faults: Mapping[str, str] | None = None) -> str:
    given = consenting.standing_consent(found)
    return render_template(
        "registration/consent.html", registration=found, contest=found.contest, token=token, faults=faults or {},
        given=given, heading=consent_words.heading(found), sections=consent_words.sections(found, now=live.now()),
        relation_word=consent_words.relation, relations=consenting.RELATIONS, typed=request.form,
        withdrawn=next((each for each in reversed(found.consents) if each.withdrawn_at), None),
        closed=found.state is RegistrationState.WITHDRAWN,
    )  # fmt: skip


def _own_page(found: Registration, faults: Mapping[str, str] | None = None) -> str:
    address = links.absolute("registration.consent", token=links.consent_token(found))
    return render_template(
        "registration/own_consent.html", registration=found, contest=found.contest, faults=faults or {},
        address=address, code=qr.svg(address, label=_("监护人打开同意页的二维码")), typed=request.form,
        relation_word=consent_words.relation, relations=consenting.RELATIONS, only_here=links.only_here(),
    )  # fmt: skip
