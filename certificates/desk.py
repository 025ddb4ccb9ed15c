"""HTTP in, HTTP out: the certificates' desk, where they are issued, corrected, revoked and issued again."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from certificates import preview, queries, sheets, words
from certificates.blueprint import blueprint
from certificates.typed import Typed
from contest import certifying, honours, layouts, wording
from contest import queries as shared
from contest.errors import ReasonMissing, TextRefused
from contest.models import Certificate, Contest
from web.db import reading, writing
from web.live import now
from web.roles import actor

FOLLOWED = 200


@blueprint.get("/admin/contests/<slug>/certificates")
def desk(slug: str) -> str:
    """What is due, what is issued, what no longer fits, and the print batches."""
    return show_desk(slug, Typed())


@blueprint.post("/admin/contests/<slug>/certificates")
def issue(slug: str) -> Response:
    """Issue what is due; a second press finds nothing to do."""
    with writing() as db:
        done = certifying.issue(db, shared.contest_by_slug(db, slug), by=actor(), now=now())
    if done.made:
        flash(ngettext("已签发 %(num)s 张证书。", "已签发 %(num)s 张证书。", done.made), "success")
    elif done.carried:
        flash(ngettext("%(num)s 张证书改依新的封存。", "%(num)s 张证书改依新的封存。", done.carried), "success")
    else:
        flash(_("没有新的证书要签发。"), "info")
    return redirect(url_for(".desk", slug=slug), code=303)


@blueprint.post("/admin/contests/<slug>/certificates/follow")
def follow(slug: str) -> Response:
    """Correct the named certificates to what their entries and the newest seal say."""
    wanted = request.form.getlist("certificate")[:FOLLOWED]
    with writing() as db:
        contest = shared.contest_by_slug(db, slug)
        for public_id in wanted:
            found = honours.certificate_of(db, contest, public_id)
            certifying.follow(db, contest, found, reason=_("与报名信息和最新奖项一致"), by=actor(), now=now())
    flash(ngettext("已更正 %(num)s 张证书。", "已更正 %(num)s 张证书。", len(wanted)), "success")
    return redirect(url_for(".desk", slug=slug), code=303)


@blueprint.get("/admin/contests/<slug>/certificates/<certificate>")
def one(slug: str, certificate: str) -> str:
    """One certificate: how it looks, its versions, and the forms that change it."""
    return _show_one(slug, certificate, Typed())


@blueprint.post("/admin/contests/<slug>/certificates/<certificate>/correct")
def correct(slug: str, certificate: str) -> Response | tuple[str, int]:
    """The next version with the typed texts."""
    typed = {name: request.form.get(name, "") for name in ("names", "work", "award", "teachers", "reason")}
    return _act(
        slug, certificate, typed, _("已更正，旧码显示「已更正」。"),
        lambda db, contest, found: certifying.correct(db, contest, found, **typed, by=actor(), now=now()),
    )  # fmt: skip


@blueprint.post("/admin/contests/<slug>/certificates/<certificate>/revoke")
def revoke(slug: str, certificate: str) -> Response | tuple[str, int]:
    """Make a certificate invalid."""
    why = request.form.get("revoke_reason", "")
    return _act(
        slug, certificate, {"revoke_reason": why}, _("已撤销，扫码显示「已撤销」。"),
        lambda db, contest, found: certifying.revoke(db, contest, found, reason=why, by=actor(), now=now()),
        reason="revoke_reason",
    )  # fmt: skip


@blueprint.post("/admin/contests/<slug>/certificates/<certificate>/reissue")
def reissue(slug: str, certificate: str) -> Response | tuple[str, int]:
    """Issue a revoked certificate again under its number."""
    why = request.form.get("reissue_reason", "")
    return _act(
        slug, certificate, {"reissue_reason": why}, _("已补发新的一版，编号不变。"),
        lambda db, contest, found: certifying.reissue(db, contest, found, reason=why, by=actor(), now=now()),
        reason="reissue_reason",
    )  # fmt: skip


@blueprint.get("/admin/contests/<slug>/certificates/<certificate>/sheet.pdf")
def sheet(slug: str, certificate: str) -> Response:
    """The newest version as a PDF of one sheet, to look at."""
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        version = honours.certificate_of(db, contest, certificate).versions[-1]
        drawn = sheets.of_version(version, sheets.check_page())
        seal, author = sheets.seal_path(layouts.layout_of(db, contest)), contest.organization.name
    made = sheets.pdf([drawn], title=drawn.number, author=author, seal=seal)
    return send_file(io.BytesIO(made), "application/pdf", download_name=f"{drawn.number}.pdf")


def show_desk(slug: str, typed: Typed) -> str:
    """The desk's page, with what was typed into its print form."""
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        find = request.args.get("find", "").strip()[:60]
        shown = queries.overview(db, contest, now=now(), find=find, page=request.args.get("page", 1, type=int))
        return render_template(
            "certificates/desk.html", contest=contest, shown=shown, typed=typed, find=find, differs=words.differs,
            print_state=words.print_state, problem=words.problem, sheets=words.sheets,
            running=any(each.batch.state.value in ("waiting", "running") for each in shown.batches),
        )  # fmt: skip


def _show_one(slug: str, certificate: str, typed: Typed) -> str:
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        found = honours.certificate_of(db, contest, certificate)
        held = next(each for each in certifying.desk(db, contest, now=now()).held if each.certificate.id == found.id)
        layout = layouts.layout_of(db, contest)
        picture = preview.svg(
            sheets.of_version(held.version, sheets.check_page()), frame=url_for(".frame"),
            seal=url_for(".seal", slug=slug) if layout is not None and layout.seal_file is not None else None,
            label=_("证书预览：%(number)s", number=found.number),
        )  # fmt: skip
        versions = [(each, wording.read(each.text)) for each in reversed(found.versions)]
        return render_template(
            "certificates/one.html", contest=contest, certificate=found, held=held, picture=picture, typed=typed,
            versions=versions, differs=words.differs, room_here="certificates.desk",
        )  # fmt: skip


def _act(
    slug: str, certificate: str, typed: dict[str, str], said: str,
    act: Callable[[Session, Contest, Certificate], object], *, reason: str = "reason",
) -> Response | tuple[str, int]:  # fmt: skip
    """Do something with a certificate; what cannot be taken comes back with what was typed."""
    kept = Typed(typed)
    try:
        with writing() as db:
            contest = shared.contest_by_slug(db, slug)
            act(db, contest, honours.certificate_of(db, contest, certificate))
    except TextRefused as error:
        kept.refuse(reason if error.args_["field"] == "reason" else str(error.args_["field"]), error)
    except ReasonMissing as error:
        kept.refuse(reason, error)
    if kept.errors:
        return _show_one(slug, certificate, kept), 422
    flash(said, "success")
    return redirect(url_for(".one", slug=slug, certificate=certificate), code=303)
