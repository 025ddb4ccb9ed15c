"""HTTP in, HTTP out: the settings of a contest: dates, delegations, divisions in words, files, release, office."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from contest import planning, settling
from contest import queries as shared
from contest.errors import FileRefused, NameTaken
from contest.models import Attachment, Contest, Delegation, DivisionNote, Milestone, ReleaseMode
from organizer.alerts import organizers
from organizer.blueprint import blueprint
from organizer.readiness import readiness
from organizer.typed import Typed, Unfit, local
from web import live, uploads
from web.db import reading, writing
from web.roles import actor
from web.uploads import Kind
from web.words import language

SETUP = "/admin/contests/<slug>/setup"
PART = f"{SETUP}/<any(dates, delegations, divisions, release, office, page):part>"
KINDS = {Kind.PDF, Kind.DOCUMENT, Kind.SPREADSHEET, Kind.SLIDES}
MOST_BYTES = 20 * uploads.MEGABYTE
NEW = "new"
Page = str | tuple[str, int]


@blueprint.get(SETUP)
def setup(slug: str) -> Page:
    """Everything that can be set in a contest, each in a small form of its own."""
    with reading() as db:
        return _page(db, shared.contest_by_slug(db, slug), Typed(), 200)


@blueprint.post(PART)
def save_setup(slug: str, part: str) -> Page | Response:
    """Save one small form."""
    typed = Typed(request.form)
    try:
        with live.changing(slug) as (db, found):
            said = SAVES[part](db, found, typed)
            if typed.errors:
                raise Unfit
    except Unfit:
        return _refused(slug, typed)
    flash(said, "success")
    return redirect(url_for(".setup", slug=slug, _anchor=part), code=303)


@blueprint.post(f"{SETUP}/files")
@uploads.takes(MOST_BYTES)
def add_file(slug: str) -> Page | Response:
    """Put a file on the contest's page."""
    typed = Typed(request.form)
    title = typed.line("title")
    try:
        received = uploads.receive(request.files.get("file"), kinds=KINDS, most_bytes=MOST_BYTES)
    except FileRefused as error:
        typed.refuse("file", error)
        return _refused(slug, typed)
    if typed.errors:
        uploads.drop(received)
        return _refused(slug, typed)
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        file = uploads.keep(db, found, received, now=live.now())
        planning.attach(db, found, file=file, title=title)
    flash(_("文件已上传。"), "success")
    return redirect(url_for(".setup", slug=slug, _anchor="files"), code=303)


@blueprint.get(f"{SETUP}/files/<file>")
def open_file(slug: str, file: str) -> Response:
    """A file of the contest's page, to look at."""
    with reading() as db:
        found = planning.attachment_of(db, shared.contest_by_slug(db, slug), file)
        return uploads.send(found.file, download=True)


@blueprint.post(f"{SETUP}/files/<file>")
def move_file(slug: str, file: str) -> Response:
    """Move a file up, or take it off the page."""
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        if request.form.get("act") == "up":
            planning.move_attachment_up(db, found, public_id=file)
        else:
            planning.remove_attachment(db, found, public_id=file)
    flash(_("已保存。"), "success")
    return redirect(url_for(".setup", slug=slug, _anchor="files"), code=303)


def _dates(db: Session, contest: Contest, typed: Typed) -> str:
    item = typed.values.get("item", NEW)
    if typed.values.get("act") == "delete":
        planning.remove_milestone(db, contest, public_id=item)
        return str(_("日期已删除。"))
    title, english = typed.line(f"{item}-title", needed=True), typed.line(f"{item}-title_en")
    at, ends = typed.moment(f"{item}-at", contest.time_zone), typed.moment(f"{item}-ends_at", contest.time_zone)
    if at is None:
        typed.refuse(f"{item}-at", _("请填写日期和时间。"))
    elif ends is not None and ends < at:
        typed.refuse(f"{item}-ends_at", _("结束不能早于开始。"))
    if not typed.errors and at is not None:
        planning.set_milestone(
            db, contest, public_id=None if item == NEW else item, title=title, title_en=english, at=at, ends_at=ends
        )
    return str(_("日期已保存。"))


def _delegations(db: Session, contest: Contest, typed: Typed) -> str:
    item = typed.values.get("item", NEW)
    if typed.values.get("act") == "delete":
        planning.remove_delegation(db, contest, public_id=item)
        return str(_("代表队已删除，已有报名不受影响。"))
    name, quota = typed.line(f"{item}-name", needed=True), typed.integer(f"{item}-quota", 0, planning.MOST_QUOTA)
    if not typed.errors:
        try:
            planning.set_delegation(db, contest, public_id=None if item == NEW else item, name=name, quota=quota)
        except NameTaken as error:
            typed.refuse(f"{item}-name", error)
    return str(_("代表队已保存。"))


def _divisions(db: Session, contest: Contest, typed: Typed) -> str:
    rules = shared.rules_of(shared.rule_version(db, contest))
    for at, code in enumerate(rules.divisions):
        text, english = typed.line(f"note-{at}"), typed.line(f"note-{at}-en")
        if not typed.errors:
            planning.note_division(db, contest, division=code, text=text, text_en=english)
    return str(_("组别说明已保存。"))


def _release(db: Session, contest: Contest, typed: Typed) -> str:
    mode = typed.choice("release_mode", tuple(mode.value for mode in ReleaseMode))
    settling.set_release_mode(db, contest, mode=ReleaseMode(mode), by=actor(), now=live.now())
    return str(_("成绩公布方式已保存，已经公布的成绩不变。"))


def _office(db: Session, contest: Contest, typed: Typed) -> str:
    alone = typed.ticked("alone")
    settling.set_office(db, contest, alone=alone, by=actor(), now=live.now())
    return str(_("单人办公已打开，会记入台账。") if alone else _("单人办公已关闭，封存要两个人。"))


def _publish(db: Session, contest: Contest, typed: Typed) -> str:
    shown = typed.ticked("shown")
    settling.publish(db, contest, shown=shown, now=live.now())
    return str(_("比赛页面已发布。") if shown else _("比赛页面已撤下，只有组委会看得到。"))


SAVES: dict[str, Callable[[Session, Contest, Typed], str]] = {
    "dates": _dates, "delegations": _delegations, "divisions": _divisions, "release": _release, "office": _office,
    "page": _publish,
}  # fmt: skip


def _refused(slug: str, typed: Typed) -> Page:
    with reading() as db:
        return _page(db, shared.contest_by_slug(db, slug), typed, 422)


def _page(db: Session, contest: Contest, typed: Typed, status: int) -> Page:
    rules = shared.rules_of(shared.rule_version(db, contest))
    notes = {note.division: note for note in db.scalars(
        select(DivisionNote).where(DivisionNote.contest_id == contest.id)
    )}  # fmt: skip
    page = render_template(
        "organizer/setup.html", contest=contest, typed=typed, rules=rules, notes=notes, ready=readiness(
            db, contest, lang=language()
        ), local=local, organizers=organizers(db, contest), marked=settling.is_marked(db, contest),
        milestones=db.scalars(
            select(Milestone).where(Milestone.contest_id == contest.id).order_by(Milestone.at, Milestone.id)
        ).all(),
        delegations=db.scalars(
            select(Delegation).where(Delegation.contest_id == contest.id).order_by(Delegation.position, Delegation.id)
        ).all(),
        files=db.scalars(
            select(Attachment).where(Attachment.contest_id == contest.id).order_by(Attachment.position)
            .options(joinedload(Attachment.file))
        ).all(),
    )  # fmt: skip
    return page, status
