"""HTTP in, HTTP out: how a contest's certificates are to read, with the sheet beside the form, and their seal."""

from __future__ import annotations

import io
from datetime import date

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from certificates import preview as picture
from certificates import sheets
from certificates.blueprint import blueprint
from certificates.frame import svg as frame_svg
from certificates.typed import Typed
from contest import certifying, honours, layouts
from contest import queries as shared
from contest.errors import FileRefused, NotFound, TextRefused
from contest.layouts import Texts
from contest.models import CertificateLayout, Contest
from contest.wording import FIELDS, Wording
from web import uploads
from web.db import reading, writing
from web.live import now

SEAL_BYTES = 2 * uploads.MEGABYTE
SEAL_PIXELS = 16_000_000


@blueprint.get("/admin/contests/<slug>/certificates/layout")
def layout(slug: str) -> str:
    """The layout's form with the sheet beside it."""
    return _show(slug, Typed())


@blueprint.post("/admin/contests/<slug>/certificates/layout")
def save_layout(slug: str) -> Response | tuple[str, int]:
    """Keep the layout."""
    texts, typed = _typed()
    if not typed.errors:
        try:
            with writing() as db:
                layouts.save(db, shared.contest_by_slug(db, slug), texts=texts)
        except TextRefused as error:
            typed.refuse(str(error.args_["field"]), error)
    if typed.errors:
        return _show(slug, typed), 422
    flash(_("版式已保存，之后签发的证书按它。已签发的证书内容不变。"), "success")
    return redirect(url_for(".layout", slug=slug), code=303)


@blueprint.post("/admin/contests/<slug>/certificates/layout/preview")
def preview(slug: str) -> Markup:
    """The sheet as the typed texts would make it; it is kept nowhere."""
    texts, _typed_form = _typed()
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        return _picture(db, contest, _as_layout(contest, layouts.checked(texts)))


@blueprint.get("/admin/contests/<slug>/certificates/layout/sample.pdf")
def sample(slug: str) -> Response:
    """A sheet of the saved layout as it comes out of the printer."""
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        kept = layouts.layout_of(db, contest)
        used = kept or _as_layout(contest, layouts.beginning(contest))
        drawn = sheets.sample(_sample_words(db, contest, used), used.prefix)
        seal, author = sheets.seal_path(kept), contest.organization.name
    made = sheets.pdf([drawn], title=contest.title, author=author, seal=seal)
    return send_file(io.BytesIO(made), "application/pdf", download_name=f"{_('证书样张')}.pdf")


@blueprint.get("/admin/contests/<slug>/certificates/layout/seal")
def seal(slug: str) -> Response:
    """The seal image."""
    with reading() as db:
        kept = layouts.layout_of(db, shared.contest_by_slug(db, slug))
        if kept is None or kept.seal_file is None:
            raise NotFound
        return uploads.send(kept.seal_file)


@blueprint.post("/admin/contests/<slug>/certificates/layout/seal")
@uploads.takes(SEAL_BYTES)
def put_seal(slug: str) -> Response | tuple[str, int]:
    """Take a seal image; its transparency is kept."""
    typed = Typed()
    try:
        received = uploads.receive(request.files.get("seal"), kinds={uploads.Kind.IMAGE}, most_bytes=SEAL_BYTES)
        if (received.width or 0) * (received.height or 0) > SEAL_PIXELS:
            uploads.drop(received)
            raise FileRefused(why="too_many_pixels", most=SEAL_PIXELS)
    except FileRefused as error:
        typed.refuse("seal", error)
        return _show(slug, typed), 422
    with writing() as db:
        contest = shared.contest_by_slug(db, slug)
        layouts.set_seal(db, contest, file=uploads.keep(db, contest, received, now=now()))
    flash(_("印章已更换，之后生成的打印文件都用它。"), "success")
    return redirect(url_for(".layout", slug=slug), code=303)


@blueprint.post("/admin/contests/<slug>/certificates/layout/seal/remove")
def remove_seal(slug: str) -> Response:
    """Print without a seal image: room is left for the stamp."""
    with writing() as db:
        layouts.set_seal(db, shared.contest_by_slug(db, slug), file=None)
    flash(_("已去掉印章图片，打印后请盖章。"), "success")
    return redirect(url_for(".layout", slug=slug), code=303)


@blueprint.get("/certificates/frame.svg")
def frame() -> Response:
    """The ornament for screens."""
    return send_file(io.BytesIO(frame_svg().encode()), "image/svg+xml", max_age=86_400)


def _show(slug: str, typed: Typed) -> str:
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        kept = layouts.layout_of(db, contest)
        used = kept or _as_layout(contest, layouts.beginning(contest))
        return render_template(
            "certificates/layout.html", contest=contest, layout=used, typed=typed, saved=kept is not None,
            fields=_("、").join(f"{{{name}}}" for name in FIELDS), teacher_body=layouts.TEACHER_BODY,
            room_here="certificates.desk", picture=_picture(db, contest, used),
        )  # fmt: skip


def _typed() -> tuple[Texts, Typed]:
    names = [name for name in Texts.__dataclass_fields__ if name != "issued_on"]
    typed = Typed({name: request.form.get(name, "") for name in [*names, "issued_on"]})
    day = typed.value("issued_on").strip()
    issued_on = None
    if day:
        try:
            issued_on = date.fromisoformat(day)
        except ValueError:
            typed.refuse("issued_on", _("日期请写成 2026-05-25 的样子。"))
    return Texts(**{name: typed.value(name) for name in names}, issued_on=issued_on), typed


def _as_layout(contest: Contest, texts: Texts) -> CertificateLayout:
    return CertificateLayout(contest_id=contest.id, **vars(texts))


def _sample_words(db: Session, contest: Contest, used: CertificateLayout) -> Wording:
    """The first winner's words where there is one, else made-up ones."""
    day = certifying.today(contest, now())
    dues = honours.due(db, contest, used, today=day)
    if dues:
        return dues[0].wording
    return Wording(
        title=used.title, body=used.body, closing=used.closing, note=used.approval_note, contest=contest.title,
        issuers=tuple(filter(None, used.issuers.split("\n"))), issued_on=(used.issued_on or day).isoformat(),
        names=(_("获奖人姓名"),), teachers=(_("教师姓名"),), work=_("作品名称"), award=_("一等奖"),
        division=_("公众组"), unit=_("单位名称"),
    )  # fmt: skip


def _picture(db: Session, contest: Contest, used: CertificateLayout) -> Markup:
    kept = layouts.layout_of(db, contest)
    has_seal = kept is not None and kept.seal_file is not None
    return picture.svg(
        sheets.sample(_sample_words(db, contest, used), used.prefix), frame=url_for(".frame"),
        seal=url_for(".seal", slug=contest.slug, v=kept.seal_file_id) if kept and has_seal else None,
        label=_("证书预览"),
    )  # fmt: skip
