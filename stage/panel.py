"""The desk's buttons about the judges: strays, sheets that go back, seats off the panel."""

from __future__ import annotations

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from contest import correcting, excusing
from contest import queries as shared
from contest.models import RulingKind
from stage import forms
from stage.answering import done
from stage.blueprint import blueprint
from web import live
from web.roles import actor


@blueprint.post("/ops/<slug>/strays/<message>/decision")
def decide_stray(slug: str, message: str) -> AnyResponse:
    """Let a stray message count, or set it aside."""
    form = forms.read(forms.DecideStray)
    with live.changing(slug) as (db, contest):
        correcting.decide_stray(
            db, contest, message_id=message, accept=form.decision.data == "accept", reason=form.reason.data or "",
            by=actor(), now=live.now(),
        )  # fmt: skip
    return done(slug, _("这条待定评分已处理。"))


@blueprint.post("/ops/<slug>/sheets/return")
def return_sheet(slug: str) -> AnyResponse:
    """Give a submitted sheet back to its judge."""
    form = forms.read(forms.ReturnSheet)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        correcting.return_sheet(
            db, contest, appearance=appearance, seat=form.seat.data, reason=form.reason.data or "", by=actor(),
            now=live.now(),
        )  # fmt: skip
    return done(slug, _("已退回，请评委修改后重新提交。"))


@blueprint.post("/ops/<slug>/seats/excuse")
def excuse(slug: str) -> AnyResponse:
    """Take a seat off the panel, for this appearance or from now on."""
    form = forms.read(forms.Excuse)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        excusing.excuse(
            db, contest, appearance=appearance, seat=form.seat.data, kind=RulingKind(form.kind.data),
            reason=form.reason.data or "", onwards=form.scope.data == "onwards", by=actor(), now=live.now(),
        )  # fmt: skip
    return done(slug, _("这一席已停评，成绩按规则由其余评委计算。"))


@blueprint.post("/ops/<slug>/seats/restore")
def restore_seat(slug: str) -> AnyResponse:
    """Put a seat back on the panel."""
    form = forms.read(forms.RestoreSeat)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        excusing.take_back(
            db, contest, appearance=appearance, seat=form.seat.data, onwards=form.scope.data == "onwards", by=actor(),
            now=live.now(),
        )  # fmt: skip
    return done(slug, _("这一席已恢复评分。"))
