"""HTTP in, HTTP out: the review of registrations: the queue, one form beside its files, what is decided about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import answers, registering, reviewing
from contest import queries as shared
from contest.errors import ContestError, Malformed, NotFound, TextRefused
from contest.models import Account, Contest, Registration, RegistrationState
from organizer import queue
from organizer.blueprint import blueprint
from organizer.typed import Typed
from web import fields, links, live, qr, uploads
from web.db import reading
from web.errors import CONFLICT, STATUS, wants_json
from web.roles import actor
from web.sentences import sentence
from web.words import language

Page = str | tuple[str, int]
ROOM = "/admin/contests/<slug>/entries"
MOST_AT_ONCE = 500
# What is said travels in the session's cookie, which holds 4 KB.
MOST_SAID = 6


@blueprint.get(ROOM)
def entries(slug: str) -> Page:
    """The queue of forms in one state."""
    return _page(slug, None, None)


@blueprint.get(f"{ROOM}/<registration>")
def review(slug: str, registration: str) -> Page:
    """One form beside its files."""
    return _page(slug, registration, None)


@blueprint.post(f"{ROOM}/<registration>/approve")
def approve(slug: str, registration: str) -> Page | Response:
    """Make an entry of it."""

    def act(db: Session, contest: Contest, form: Registration) -> str:
        entry = reviewing.approve(
            db, contest, registration=form, account=db.get_one(Account, current_user.id), seen=_seen(),
            exception=request.form.get("exception", ""), by=actor(), now=live.now(),
        )  # fmt: skip
        return str(_("%(name)s 已通过，编号 %(code)s。", name=entry.name, code=entry.code))

    return _act(slug, registration, act, onwards=True)


@blueprint.post(f"{ROOM}/<registration>/return")
def return_form(slug: str, registration: str) -> Page | Response:
    """Give it back with a reason and some fields unlocked."""

    def act(db: Session, contest: Contest, form: Registration) -> str:
        reason = "\n".join([*request.form.getlist("phrase"), request.form.get("reason", "")])
        reviewing.return_to(
            db, contest, registration=form, account=db.get_one(Account, current_user.id), seen=_seen(), reason=reason,
            fields=request.form.getlist("fields"), now=live.now(),
        )  # fmt: skip
        return str(_("已退回，选手会看到原因，只能修改您勾选的各项。"))

    return _act(slug, registration, act, onwards=True)


@blueprint.post(f"{ROOM}/<registration>/undo")
def undo_approval(slug: str, registration: str) -> Page | Response:
    """Take an approval by mistake back."""

    def act(db: Session, contest: Contest, form: Registration) -> str:
        reason = request.form.get("undo_reason", "")
        reviewing.take_back(db, contest, registration=form, reason=reason, by=actor(), now=live.now())
        return str(_("通过已撤销，这份报名回到待审核。"))

    return _act(slug, registration, act, onwards=False)


@blueprint.post(f"{ROOM}/<registration>/extend")
def extend(slug: str, registration: str) -> Page | Response:
    """Let this one form in after the deadline."""

    def act(db: Session, contest: Contest, form: Registration) -> str:
        typed = Typed(request.form)
        until = typed.moment("until", contest.time_zone)
        if until is None:
            raise TextRefused(field="until", why="empty")
        reviewing.extend(db, contest, registration=form, until=until, now=live.now())
        return str(_("已允许补交。"))

    return _act(slug, registration, act, onwards=False)


@blueprint.post(f"{ROOM}/late")
def add_late(slug: str) -> Page | Response:
    """An empty draft that may come in after the deadline; its code card is on its page, to hand over."""
    try:
        with live.changing(slug) as (db, contest):
            until = Typed(request.form).moment("late_until", contest.time_zone)
            if until is None:
                raise TextRefused(field="late_until", why="empty")
            made = registering.start_registration(
                db, contest, code_for=links.registration_code, now=live.now(), extended_until=until
            )
    except ContestError as error:
        if wants_json() or isinstance(error, NotFound):
            raise
        return _page(slug, None, None, problem=error)
    flash(_("补报已建好。把码卡交给选手，用手机扫码填写。"), "success")
    return redirect(url_for(".review", slug=slug, registration=made.public_id), code=303)


@blueprint.post(f"{ROOM}/approve")
def approve_many(slug: str) -> Response:
    """Approve the ticked forms; those that cannot be are named with the reason."""
    refused, done = [], 0
    with live.changing(slug) as (db, contest):
        account = db.get_one(Account, current_user.id)
        for picked in request.form.getlist("pick")[:MOST_AT_ONCE]:
            public_id, _dot, version = picked.rpartition(".")
            form = shared.registration_of(db, contest, public_id)
            try:
                reviewing.approve(
                    db, contest, registration=form, account=account, seen=_number(version), by=actor(), now=live.now()
                )
                done += 1
            except ContestError as error:
                name = answers.read(form.answers).get("name") or form.receipt
                refused.append(_("%(name)s：%(why)s", name=name, why=sentence(error)))
    if done:
        flash(ngettext("已通过 %(num)s 份。", "已通过 %(num)s 份。", done), "success")
    elif not refused:
        flash(_("还没有勾选报名，没有做任何改动。"), "warning")
    for said in refused[:MOST_SAID]:
        flash(said, "error")
    if len(refused) > MOST_SAID:
        more = len(refused) - MOST_SAID
        flash(ngettext("另有 %(num)s 份没有通过，请逐份查看。", "另有 %(num)s 份没有通过，请逐份查看。", more), "error")
    return redirect(url_for(".entries", slug=slug), code=303)


@blueprint.get(f"{ROOM}/<registration>/files/<material>")
def registration_file(slug: str, registration: str, material: str) -> FileResponse:
    """A file of a form, older ones included; those of a draft are its writer's own."""
    with reading() as db:
        form = shared.registration_of(db, shared.contest_by_slug(db, slug), registration)
        found = next((each for each in form.materials if each.public_id == material), None)
        if found is None or form.state is RegistrationState.DRAFT:
            raise NotFound
        return uploads.send(found.file, download="save" in request.args)


@blueprint.get("/admin/contests/<slug>/accepted/<entry>")
def accepted(slug: str, entry: str) -> Page:
    """An accepted entry, to be corrected."""
    return _page(slug, None, entry)


@blueprint.post("/admin/contests/<slug>/accepted/<entry>")
def correct(slug: str, entry: str) -> Page | Response:
    """Correct an entry's name, reading, unit or title."""
    try:
        with live.changing(slug) as (db, contest):
            found = shared.entry_of(db, contest, entry)
            changes = {name: request.form[name] for name in reviewing.CORRECTABLE if name in request.form}
            changed = reviewing.correct(
                db, contest, entry=found, changes=changes, reason=request.form.get("correction", ""), by=actor(),
                now=live.now(),
            )  # fmt: skip
    except NotFound:
        raise
    except ContestError as error:
        if wants_json():
            raise
        return _page(slug, None, entry, problem=error)
    flash(_("已更正，公开页面和大屏随即更新。") if changed else _("内容没有变化。"), "success")
    return redirect(url_for(".accepted", slug=slug, entry=entry), code=303)


def _act(
    slug: str, registration: str, act: Callable[[Session, Contest, Registration], str], *, onwards: bool
) -> Page | Response:
    """Do one thing to a form; what stands in the way is said on its page, which keeps what was typed."""
    try:
        with live.changing(slug) as (db, contest):
            following = _following(db, contest, registration) if onwards else None
            said = act(db, contest, shared.registration_of(db, contest, registration))
    except NotFound:
        raise
    except ContestError as error:
        if wants_json():
            raise
        return _page(slug, registration, None, problem=error)
    flash(said, "success")
    if not onwards:
        return redirect(url_for(".review", slug=slug, registration=registration), code=303)
    if following is None:
        return redirect(url_for(".entries", slug=slug), code=303)
    return redirect(url_for(".review", slug=slug, registration=following), code=303)


def _following(db: Session, contest: Contest, registration: str) -> str | None:
    """Whom to look at next: the one after this in the waiting queue, else the first of it."""
    waiting = queue.queue(db, contest, state=RegistrationState.SUBMITTED, asked="", words={}).lines
    _before, after = queue.neighbours(waiting, registration)
    first = next((line for line in waiting if line.public_id != registration), None)
    found = after or first
    return found.public_id if found else None


def _page(slug: str, registration: str | None, entry: str | None, *, problem: ContestError | None = None) -> Page:
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        form = shared.registration_of(db, contest, registration) if registration else None
        found = shared.entry_of(db, contest, entry) if entry else form.entry if form else None
        state = form.state if form else RegistrationState.APPROVED if entry else _state()
        words = queue.divisions(db, contest, language())
        shown = queue.queue(db, contest, state=state, asked=request.args.get("q", "")[:100], words=words)
        now = live.now()
        page = render_template(
            "organizer/entries.html", contest=contest, queue=shown, states=queue.STATES, now=now, divisions=words,
            review=queue.review(db, contest, form, now=now) if form else None, entry=found, focus=registration or entry,
            sides=queue.neighbours(shown.lines, registration or entry or ""), label=fields.label, gender=fields.gender,
            unlocked=queue.unlocked, labels=_labels, is_rare=queue.is_rare, problem=problem,
            why=sentence(problem) if problem else "",
            typed=request.form if problem else {}, names=[*answers.FIELDS, *(slot.value for slot in reviewing.FILES)],
            card=_card(form) if form else None,
            counts={"organizer.entries": shown.counts[RegistrationState.SUBMITTED]}, room_here="organizer.entries",
        )  # fmt: skip
    return page if problem is None else (page, STATUS.get(type(problem), CONFLICT))


def _card(form: Registration) -> dict[str, object] | None:
    """The code card of a form that was let in late, to hand over while it is on its way."""
    if form.extended_until is None or form.state not in (RegistrationState.DRAFT, RegistrationState.RETURNED):
        return None
    address = links.absolute("registration.card_scanned", token=links.registration_token(form))
    return {
        "code": links.registration_code(form.public_id, form.generation), "qr": qr.svg(address, label=_("码卡二维码")),
        "typed_at": links.absolute("registration.resume").partition("://")[2],
    }  # fmt: skip


def _labels(names: Sequence[str]) -> str:
    return str(_("、")).join(fields.label(name) for name in names)


def _state() -> RegistrationState:
    """The filter that was asked for; what waits for review where none was."""
    asked = request.args.get("state", "")
    return next((state for state in queue.STATES if state.value == asked), RegistrationState.SUBMITTED)


def _seen() -> int:
    return _number(request.form.get("seen", ""))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Malformed(what="seen")
    return int(text)


