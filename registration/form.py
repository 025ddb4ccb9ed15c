"""HTTP in, HTTP out: the form page by page, each field saved as it is typed, the check page, the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import admitting, answers, eligibility, registering
from contest.answers import FIELDS
from contest.eligibility import SLOT_PAGES, Fault
from contest.errors import Malformed, NotFound
from contest.models import Registration, RegistrationState, Slot
from contest.refusals import AnswersChanged, NotReady
from registration import questions
from registration.blueprint import blueprint
from registration.starting import SEE_OTHER
from web import fonts, holding, links
from web.db import reading, writing
from web.words import shown_time

CHECK, DONE = 4, 5
# How long before the deadline its countdown begins.
SOON = timedelta(hours=3)
Shown = str | tuple[str, int] | Response


@blueprint.get("/my/entries/<registration>/form/<int:page>")
def form(registration: str, page: int) -> Shown:
    """A page of the form, the check page (4) or the receipt (5). `?marked` says at once what is to be mended."""
    with reading() as db:
        found = holding.held_one(db, registration)
        if page == DONE:
            return receipt_page(found)
        if page == CHECK:
            return check_page(db, found)
        marked = registering.problems(db, found, now=datetime.now(UTC)) if "marked" in request.args else []
        return question_page(db, found, page, faults=marked)


@blueprint.post("/my/entries/<registration>/form/<int:page>")
def save_page(registration: str, page: int) -> Shown:
    """Save a page as typed and go on; what is wrong with it is said before."""
    now, typed = datetime.now(UTC), dict(request.form.items())
    try:
        with writing() as db:
            found = holding.held_one(db, registration)
            changes = typed_answers(page, typed)
            registering.save_answers(db, found, changes=changes, version=version_of(typed), now=now)
            registering.reach_page(db, found, page)
    except AnswersChanged as changed:
        with reading() as db:
            found = holding.held_one(db, registration)
            return question_page(db, found, page, typed=changes, theirs=stored_of(changed)), 409
    if typed.get("go") == "back":
        return redirect(page_address(registration, max(1, page - 1)), SEE_OTHER)
    with reading() as db:
        found = holding.held_one(db, registration)
        wrong = [fault for fault in registering.problems(db, found, now=now) if stops_here(fault, page)]
        if wrong:
            return question_page(db, found, page, faults=wrong), 422
    return redirect(page_address(registration, page + 1), SEE_OTHER)


@blueprint.post("/my/entries/<registration>/answers")
def autosave(registration: str) -> FlaskResponse | tuple[FlaskResponse, int]:
    """Save single fields while they are typed: {"version", "base": {…}, "answers": {…}} → {"version", "saved"}."""
    now = datetime.now(UTC)
    try:
        with writing() as db:
            found, told = holding.held_one(db, registration), saved_fields()
            registering.save_answers(
                db, found, changes=told["answers"], base=told["base"], version=told["version"], now=now
            )
            contest = found.contest
    except AnswersChanged as changed:
        return jsonify(conflict=stored_of(changed), version=changed.args_["version"]), 409
    saved, stored = shown_time(now, contest.time_zone, "HH:mm"), answers.read(found.answers)
    return jsonify(version=found.version, saved=saved, answers=stored)


@blueprint.post("/my/entries/<registration>/submit")
def submit(registration: str) -> Shown:
    """Hand the form in; what is still missing is listed on the check page."""
    try:
        with writing() as db:
            registering.submit(db, holding.held_one(db, registration), now=datetime.now(UTC))
    except NotReady:
        with reading() as db:
            return check_page(db, holding.held_one(db, registration)), 422
    return redirect(page_address(registration, DONE), SEE_OTHER)


def question_page(
    db: Session, found: Registration, page: int, *, faults: list[Fault] | None = None,
    typed: Mapping[str, str] | None = None, theirs: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """A page with questions. Raises NotFound for a page that the form has not."""
    if page not in {field.page for field in FIELDS.values()}:
        raise NotFound
    now = datetime.now(UTC)
    contest_form = eligibility.form_of(db, found.contest, now=now)
    given = answers.read(found.answers) | dict(typed or {})
    locked, ends = admitting.why_locked(found, now=now), admitting.deadline(found.contest, found)
    here = [fault for fault in faults or [] if fault.page == page]
    return render_template(
        "registration/form.html", registration=found, contest=found.contest, page=page, locked=locked, faults=here,
        questions=questions.of_page(
            contest_form, page, given, faults=here, theirs=theirs,
            unlocked=admitting.unlocked(found) if locked is None else (),
        ),
        files=files_of(found, page, now), form=contest_form, given=given, theirs=theirs or {}, refused=refused or {},
        deadline=ends, late=admitting.is_late(found, now=now),
        soon=found.state is RegistrationState.DRAFT and ends is not None and ends - now < SOON,
    )  # fmt: skip


def check_page(db: Session, found: Registration) -> str:
    """Everything once more, the name as judges and the certificate show it, and what is missing."""
    now = datetime.now(UTC)
    contest_form = eligibility.form_of(db, found.contest, now=now)
    given = answers.cleaned(answers.read(found.answers))
    asked = [name for name in FIELDS if contest_form.asks(name) and (name in given or contest_form.needs(name, given))]
    rows = {
        page: [(name, questions.shown(contest_form, name, given.get(name, ""))) for name in asked
               if FIELDS[name].page == page]
        for page in (1, 2, 3)
    }  # fmt: skip
    return render_template(
        "registration/check.html", registration=found, contest=found.contest, page=CHECK, given=given, rows=rows,
        faults=registering.problems(db, found, now=now), locked=admitting.why_locked(found, now=now),
        files=files_of(found, 2, now) + files_of(found, 3, now), form=contest_form, now=now,
        unprintable=fonts.missing(given.get("name", "")), deadline=admitting.deadline(found.contest, found),
    )  # fmt: skip


def receipt_page(found: Registration) -> Shown:
    """The receipt, once the form was submitted."""
    if found.receipt is None or not found.submissions:
        return redirect(page_address(found.public_id, CHECK), SEE_OTHER)
    code = links.registration_code(found.public_id, found.generation)
    return render_template("registration/receipt.html", registration=found, contest=found.contest, page=DONE, code=code)


def files_of(found: Registration, page: int, now: datetime) -> list[dict[str, Any]]:
    """The file slots of a page: what is in them, and whether they take another one."""
    return [
        {"slot": slot.value, "material": admitting.material(found, slot),
         "open": admitting.may_take(found, slot, now=now)}
        for slot, on in SLOT_PAGES.items() if on == page and slot is not Slot.CONSENT
    ]  # fmt: skip


def typed_answers(page: int, typed: Mapping[str, str]) -> dict[str, str]:
    """What a page sent of its questions. A box that is not ticked is not sent at all."""
    sent = {name: typed[name] for name, field in FIELDS.items() if field.page == page and name in typed}
    boxes = {name: typed.get(name, "") for name in questions.TICKED if f"{name}.shown" in typed}
    return sent | boxes


def version_of(typed: Mapping[str, str]) -> int:
    """The version a form was made from. Raises Malformed."""
    text = typed.get("version", "")
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise Malformed(what="version")
    return int(text)


def saved_fields() -> dict[str, Any]:
    """The message of a page that saves by itself, its shape checked. Raises Malformed."""
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or type(told.get("version")) is not int:
        raise Malformed(what="version")
    for name in ("answers", "base"):
        part = told.get(name)
        if not isinstance(part, dict) or not all(isinstance(text, str) for text in part.values()):
            raise Malformed(what=name)
    return told


def stored_of(changed: AnswersChanged) -> dict[str, str]:
    """What another device stored in the fields that were typed here as well."""
    fields: Any = changed.args_["fields"]
    return dict(fields)


def stops_here(fault: Fault, page: int) -> bool:
    """Whether a fault keeps one on a page: a file or a guardian's consent that is not there yet may follow."""
    return fault.page == page and fault.code not in ("no_file", "no_consent")


def page_address(registration: str, page: int) -> str:
    """The address of a page of the form."""
    return url_for("registration.form", registration=registration, page=page)
