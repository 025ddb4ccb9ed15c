"""The caller's page and buttons: who has come, who stands by, the calls, and who is called in vain."""

from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from contest import absences, calling
from contest import queries as shared
from contest.models import AppearanceStatus
from stage import backstage, forms
from stage.answering import done, fresh
from stage.blueprint import blueprint
from web import live
from web.db import reading
from web.roles import actor
from web.words import language, status_word


@blueprint.get("/ops/<slug>/call")
def caller(slug: str) -> AnyResponse:
    """The caller's page for a phone; with ?parts its parts alone, as an open page takes them over."""
    parts = "parts" in request.args
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        shown = backstage.calls(db, contest, lang=language())
        return fresh(render_template(
            "stage/call_parts.html" if parts else "stage/call.html", contest=contest, calls=shown,
            press="" if parts else str(uuid.uuid4()),
        ))  # fmt: skip


@blueprint.post("/ops/<slug>/marks")
def mark(slug: str) -> AnyResponse:
    """Note that a contestant is not here, has come, or stands by."""
    form = forms.read(forms.MarkStatus)
    status = AppearanceStatus(form.status.data)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        before = appearance.status
        calling.mark(db, contest, appearance=appearance, status=status)
    undo = (url_for(".mark", slug=slug), {"appearance": appearance.public_id, "status": before.value})
    said = _("第 %(number)s 号：%(status)s", number=appearance.number, status=status_word(status))
    return done(slug, said, undo=undo if before is not status else None, page=forms.page_of(form))


@blueprint.post("/ops/<slug>/calls")
def call_out(slug: str) -> AnyResponse:
    """Note the next call of a contestant who is not at the stage."""
    form = forms.read(forms.CallOut)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        calling.call_out(db, contest, appearance=appearance, nth=form.nth.data, now=live.now())
    fields = {"appearance": appearance.public_id, "nth": str(form.nth.data)}
    said = _("第 %(number)s 号：第 %(nth)s 次呼叫已记录", number=appearance.number, nth=form.nth.data)
    return done(slug, said, undo=(url_for(".take_call_back", slug=slug), fields), page=forms.page_of(form))


@blueprint.post("/ops/<slug>/calls/undo")
def take_call_back(slug: str) -> AnyResponse:
    """Undo the last call of a contestant."""
    form = forms.read(forms.CallOut)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        calling.take_call_back(db, contest, appearance=appearance, nth=form.nth.data)
    return done(slug, _("已撤销这次呼叫。"), page=forms.page_of(form))


@blueprint.post("/ops/<slug>/absent/end")
def to_end(slug: str) -> AnyResponse:
    """Let somebody who was called in vain come last, under the same number."""
    form = forms.read(forms.Absent)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        absences.to_end(
            db, contest, appearance=appearance, reason=form.reason.data or "", by=actor(), now=live.now()
        )  # fmt: skip
        calling.forget_calls(db, contest, appearance=appearance)
    return done(slug, _("第 %(number)s 号已移到末位。", number=appearance.number), page=forms.page_of(form))


@blueprint.post("/ops/<slug>/absent/withdraw")
def withdraw_entry(slug: str) -> AnyResponse:
    """Note that somebody who was called in vain has withdrawn."""
    form = forms.read(forms.Absent)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        absences.withdraw(
            db, contest, round_=appearance.round, entry=appearance.entry, reason=form.reason.data or "", by=actor(),
            now=live.now(),
        )  # fmt: skip
    fields = {"appearance": appearance.public_id, "reason": _("误记弃权，撤销")}
    said = _("第 %(number)s 号记为弃权，序号保留。", number=appearance.number)
    return done(slug, said, undo=(url_for(".reinstate", slug=slug), fields), page=forms.page_of(form))


@blueprint.post("/ops/<slug>/absent/back")
def reinstate(slug: str) -> AnyResponse:
    """Take a withdrawal back."""
    form = forms.read(forms.Absent)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        absences.reinstate(
            db, contest, round_=appearance.round, entry=appearance.entry, reason=form.reason.data or "", by=actor(),
            now=live.now(),
        )  # fmt: skip
    return done(slug, _("第 %(number)s 号的弃权已撤销。", number=appearance.number), page=forms.page_of(form))
