"""HTTP in, HTTP out: print batches, made by the jobs worker, fetched, ticked and gone on with after a misfeed."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from certificates import queries, sheets
from certificates.blueprint import blueprint
from certificates.desk import show_desk
from certificates.jobs import draw_batch
from certificates.typed import Typed
from contest import printing
from contest import queries as shared
from contest.errors import AlreadyPrinted, Malformed, NotFound, TextRefused
from contest.models import Award, Contest, PrintState
from web import jobs
from web.db import reading, writing
from web.live import now


@blueprint.post("/admin/contests/<slug>/certificates/batches")
def print_batch(slug: str) -> Response | tuple[str, int]:
    """Have a print file made of the certificates asked for."""
    which, reason = request.form.get("which", ""), request.form.get("print_reason", "")
    picked = request.form.getlist("certificate")
    typed = Typed({"which": which, "print_reason": reason, "certificate": ",".join(picked)})
    try:
        with writing() as db:
            contest = shared.contest_by_slug(db, slug)
            batch = printing.make(
                db, contest, title=_title(db, contest, which), reason=reason, account_id=current_user.id, now=now(),
                versions=queries.chosen(db, contest, which=which, picked=picked, now=now()),
                address=sheets.check_page(),
            )  # fmt: skip
    except (AlreadyPrinted, TextRefused) as error:
        typed.refuse("print_reason", error)
        return show_desk(slug, typed), 422
    jobs.later(draw_batch, batch_id=batch.id)
    flash(_("正在生成打印文件，完成后在这里下载。"), "success")
    return _back(slug)


@blueprint.get("/admin/contests/<slug>/certificates/batches.json")
def progress(slug: str) -> Response:
    """How far every batch has come, for the desk's script."""
    with reading() as db:
        rows = printing.batches(db, shared.contest_by_slug(db, slug))
        return jsonify([
            {
                "id": row.batch.public_id, "state": row.batch.state.value, "done": row.batch.done, "sheets": row.sheets,
                "said": _("%(done)s / %(all)s 张", done=row.batch.done, all=row.sheets),
            }
            for row in rows
        ])  # fmt: skip


@blueprint.get("/admin/contests/<slug>/certificates/batches/<batch>/file")
def batch_file(slug: str, batch: str) -> Response:
    """A batch's PDF, named so that the print desk knows it."""
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        found = printing.batch_of(db, contest, batch)
        file = sheets.file_of(found)
        if found.state is not PrintState.DONE or not file.exists():
            raise NotFound
        name = f"{contest.title} {_('证书')} {found.title}.pdf"
    response = send_file(file, "application/pdf", as_attachment=True, download_name=name, conditional=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/admin/contests/<slug>/certificates/batches/<batch>/printed")
def tick(slug: str, batch: str) -> Response:
    """Note which sheets came out well, from the first to the named one."""
    through = _number("through")
    with writing() as db:
        found = printing.batch_of(db, shared.contest_by_slug(db, slug), batch)
        printing.tick(found, through=through, now=now())
    flash(_("已记下：打印到第 %(number)s 张。", number=through), "success")
    return _back(slug)


@blueprint.post("/admin/contests/<slug>/certificates/batches/<batch>/rest")
def rest(slug: str, batch: str) -> Response:
    """Go on from a sheet: those before it count as printed, the rest becomes a file of its own."""
    first = _number("first")
    with writing() as db:
        contest = shared.contest_by_slug(db, slug)
        made = printing.rest(
            db, contest, printing.batch_of(db, contest, batch), first=first, account_id=current_user.id, now=now(),
            title=_("第 %(number)s 张起", number=first),
        )  # fmt: skip
    jobs.later(draw_batch, batch_id=made.id)
    flash(_("正在生成从第 %(number)s 张起的打印文件。", number=first), "success")
    return _back(slug)


@blueprint.post("/admin/contests/<slug>/certificates/batches/<batch>/retry")
def retry(slug: str, batch: str) -> Response:
    """Try a failed batch again; nothing happens to any other."""
    with writing() as db:
        found = printing.batch_of(db, shared.contest_by_slug(db, slug), batch)
        again = printing.retry(found)
    if again:
        jobs.later(draw_batch, batch_id=found.id)
    return _back(slug)


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= printing.MOST_SHEETS):
        raise Malformed(what=name)
    return int(text[:6])


def _title(db: Session, contest: Contest, which: str) -> str:
    kind, _colon, code = which.partition(":")
    titles = {
        "all": _("全部证书"), "unprinted": _("未打印的证书"), "corrected": _("更正的证书"), "selected": _("选中的证书"),
    }  # fmt: skip
    if kind != "award":
        return str(titles.get(kind, titles["selected"]))
    found = db.scalars(select(Award.title).where(Award.contest_id == contest.id, Award.code == code)).first()
    return found or str(titles["selected"])


def _back(slug: str) -> Response:
    return redirect(url_for(".desk", slug=slug, _anchor="printing"), code=303)
