"""HTTP in, HTTP out: spreadsheets to download, to fill in and to bring back, with a look before they count."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as AnyResponse

from contest import accepting, importing
from contest import queries as shared
from contest.errors import FileRefused, NotFound
from contest.importing import ENTRIES, JUDGES, MARKS
from contest.models import Account, Contest, ImportBatch
from contest.rules import Rules
from organizer import entry_table, exports, judge_table, marks_table, paper_typing
from organizer.blueprint import blueprint
from organizer.tables import Checked
from web import live, uploads, workbooks
from web.db import reading, writing
from web.roles import actor
from web.sentences import sentence
from web.uploads import Kind
from web.workbooks import Page

MOST_BYTES = 5 * uploads.MEGABYTE
IMPORTS: dict[str, Callable[..., ImportBatch]] = {
    ENTRIES: importing.import_entries, JUDGES: importing.import_judges, MARKS: importing.import_marks,
}  # fmt: skip
TABLES = (ENTRIES, JUDGES)
ROOMS = {"table": "tables", "paper": "paper_marks"}


@blueprint.get("/admin/contests/<slug>/tables")
def tables(slug: str) -> str:
    """Entries and judges to fill in and bring back, what can be downloaded, and what was brought in so far."""
    with reading() as db:
        return _page(db, shared.contest_by_slug(db, slug))


@blueprint.get("/admin/contests/<slug>/paper-marks")
def paper_marks(slug: str) -> str:
    """Marks from paper: their template, the upload, and what was typed in so far."""
    with reading() as db:
        return _page(db, shared.contest_by_slug(db, slug))


@blueprint.get("/admin/contests/<slug>/tables/<kind>.xlsx")
def export(slug: str, kind: str) -> Response:
    """Entries, people or results as they stand."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        if kind == "entries":
            pages = exports.entries(db, found, shared.rules_of(shared.rule_version(db, found)))
        elif kind == "people":
            pages = exports.people(db, found)
        elif kind == "results":
            pages = exports.results(db, found)
        else:
            abort(404)
        return _workbook(pages, f"{found.title}-{_names()[kind]}")


@blueprint.get("/admin/contests/<slug>/tables/<kind>-template.xlsx")
def table_template(slug: str, kind: str) -> Response:
    """The empty spreadsheet of entries or judges."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        if kind == ENTRIES:
            pages = entry_table.template(shared.rules_of(shared.rule_version(db, found)))
        elif kind == JUDGES:
            pages = judge_table.template()
        else:
            abort(404)
        return _workbook(pages, f"{found.title}-{_names()[kind]}-{_('模板')}")


@blueprint.get("/admin/contests/<slug>/paper-marks/template.xlsx")
def paper_template(slug: str) -> Response:
    """A worksheet for each judge, with the contestants whose sheet is not in yet."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        rules = shared.rules_of(shared.rule_version(db, found))
        pages = marks_table.template(db, marks_table.round_typed(db, found), rules)
        return _workbook(pages, f"{found.title}-{_names()[MARKS]}-{_('模板')}")


@blueprint.post("/admin/contests/<slug>/tables/<kind>")
@uploads.takes(MOST_BYTES)
def table_upload(slug: str, kind: str) -> AnyResponse | tuple[str, int]:
    """Take a filled-in spreadsheet, put it aside and show what it would bring."""
    return _upload(slug, kind) if kind in TABLES else abort(404)


@blueprint.post("/admin/contests/<slug>/paper-marks")
@uploads.takes(MOST_BYTES)
def paper_upload(slug: str) -> AnyResponse | tuple[str, int]:
    """Take marks typed from paper, put them aside and show them."""
    return _upload(slug, MARKS)


@blueprint.get("/admin/contests/<slug>/paper-marks/batches/<batch>", endpoint="paper_batch")
@blueprint.get("/admin/contests/<slug>/tables/batches/<batch>")
def table_batch(slug: str, batch: str) -> str | tuple[str, int]:
    """What a spreadsheet would bring: the rows that are ready, and the others with cell, finding and remedy."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        put = _batch(db, found, batch)
        try:
            checked = _check(db, found, put) if put.imported_at is None else Checked()
        except FileRefused as error:
            return _page(db, found, wrong={put.kind: sentence(error)}), 422
        rules = shared.rules_of(shared.rule_version(db, found))
        ready = paper_typing.ready_rows(rules, checked.ready) if put.kind == MARKS else []
        alone = put.account_id == current_user.id and put.kind == MARKS and not found.one_person
        return render_template(
            "organizer/table_batch.html", contest=found, batch=put, checked=checked, names=_names(), room=_room(),
            second_person=alone, ready=ready, room_here=f"organizer.{ROOMS[_room()]}",
        )  # fmt: skip


@blueprint.get("/admin/contests/<slug>/paper-marks/batches/<batch>/bad.xlsx", endpoint="paper_bad_rows")
@blueprint.get("/admin/contests/<slug>/tables/batches/<batch>/bad.xlsx")
def table_bad_rows(slug: str, batch: str) -> Response:
    """The rows that cannot come in, alone, to mend and bring back."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        put = _batch(db, found, batch)
        return _workbook(_check(db, found, put).bad_pages(_names()[put.kind]), f"{found.title}-{_('待修改')}")


@blueprint.post("/admin/contests/<slug>/paper-marks/batches/<batch>/import", endpoint="paper_import")
@blueprint.post("/admin/contests/<slug>/tables/batches/<batch>/import")
def table_import(slug: str, batch: str) -> AnyResponse:
    """Bring the ready rows in. The file is read again: what was true when it was shown may have changed."""
    with live.changing(slug) as (db, found):
        put = _batch(db, found, batch)
        ready = _check(db, found, put).ready if put.imported_at is None else []
        IMPORTS[put.kind](
            db, found, batch=put, rows=ready, account=db.get_one(Account, current_user.id), by=actor(), now=live.now()
        )
        rows = put.rows
    flash(ngettext("已导入 %(num)s 行。", "已导入 %(num)s 行。", rows), "success")
    return redirect(url_for(f".{_room()}_batch", slug=slug, batch=batch), code=303)


@blueprint.post("/admin/contests/<slug>/paper-marks/batches/<batch>/undo", endpoint="paper_undo")
@blueprint.post("/admin/contests/<slug>/tables/batches/<batch>/undo")
def table_undo(slug: str, batch: str) -> AnyResponse:
    """Take back all that a spreadsheet brought."""
    with live.changing(slug) as (db, found):
        importing.undo(db, found, batch=_batch(db, found, batch), by=actor(), now=live.now())
    flash(_("这一批已整批撤销。"), "success")
    return redirect(url_for(f".{ROOMS[_room()]}", slug=slug), code=303)


@blueprint.post("/admin/contests/<slug>/paper-marks/batches/<batch>/decline")
def paper_decline(slug: str, batch: str) -> AnyResponse:
    """Close a batch that does not say what the paper says; it is typed anew."""
    with live.changing(slug) as (db, found):
        account = db.get_one(Account, current_user.id)
        importing.decline(db, found, batch=_batch(db, found, batch), account=account, now=live.now())
    flash(_("已退回，没有计入任何评分，请重新录入。"), "success")
    return redirect(url_for(".paper_marks", slug=slug), code=303)


def _room() -> str:
    """Which of the two rooms this request is in: they have different roles."""
    return "paper" if (request.endpoint or "").startswith("organizer.paper_") else "table"


def _batch(db: Session, contest: Contest, public_id: str) -> ImportBatch:
    """A batch of this room. Raises NotFound."""
    found = importing.batch_of(db, contest, public_id)
    if (found.kind == MARKS) != (_room() == "paper"):
        raise NotFound
    return found


def _upload(slug: str, kind: str) -> AnyResponse | tuple[str, int]:
    try:
        received = uploads.receive(request.files.get("file"), kinds={Kind.SPREADSHEET}, most_bytes=MOST_BYTES)
    except FileRefused as error:
        with reading() as db:
            return _page(db, shared.contest_by_slug(db, slug), wrong={kind: sentence(error)}), 422
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        batch = importing.put_aside(
            db, found, kind=kind, file=uploads.keep(db, found, received, now=live.now()),
            account=db.get_one(Account, current_user.id), now=live.now(),
        )  # fmt: skip
    return redirect(url_for(f".{_room()}_batch", slug=slug, batch=batch.public_id), code=303)


def _names() -> dict[str, str]:
    return {
        ENTRIES: _("报名"), JUDGES: _("评委"), MARKS: _("纸质评分"), "people": _("评委与人员"),
        "results": _("成绩汇总"),
    }  # fmt: skip


def _page(db: Session, contest: Contest, wrong: dict[str, str] | None = None) -> str:
    room = _room()
    of_this_room = ImportBatch.kind == MARKS if room == "paper" else ImportBatch.kind.in_(TABLES)
    batches = db.scalars(
        select(ImportBatch)
        .where(ImportBatch.contest_id == contest.id, of_this_room, ImportBatch.imported_at.is_not(None))
        .order_by(ImportBatch.id.desc()).options(joinedload(ImportBatch.file), joinedload(ImportBatch.confirmer))
    ).all()  # fmt: skip
    waiting = importing.waiting(db, contest) if room == "paper" else []
    return render_template(
        f"organizer/{ROOMS[room]}.html", contest=contest, batches=batches, names=_names(), wrong=wrong or {},
        waiting=waiting, me=current_user.id, typed=marks_table.round_typed(db, contest) if room == "paper" else None,
        room=room, room_here=f"organizer.{ROOMS[room]}", judging=any(each.is_judging for each in contest.rounds),
    )  # fmt: skip


def _check(db: Session, contest: Contest, batch: ImportBatch) -> Checked:
    """Read a put-aside spreadsheet. Raises FileRefused."""
    sheets = workbooks.read(uploads.path_of(batch.file))
    rules: Rules = shared.rules_of(shared.rule_version(db, contest))
    if batch.kind == ENTRIES:
        return entry_table.check(db, contest, rules, sheets, accepting.day_of(contest, live.now()))
    if batch.kind == JUDGES:
        return judge_table.check(db, contest, sheets)
    return marks_table.check(db, marks_table.round_typed(db, contest), rules, sheets)


def _workbook(pages: list[Page], name: str) -> Response:
    answer = Response(workbooks.write(pages), mimetype=workbooks.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    answer.headers["Cache-Control"] = "no-store"
    return answer
