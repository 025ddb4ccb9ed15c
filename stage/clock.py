"""The talk clock's buttons: start and pause, undo the last press, set a part back to ready."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from contest import clocking
from contest import queries as shared
from contest.models import ClockAct
from stage import forms, wording
from stage.answering import done, own_press
from stage.blueprint import blueprint
from web import live
from web.roles import actor


@blueprint.post("/ops/<slug>/clock")
def clock(slug: str) -> AnyResponse:
    """Start or pause a part of the talk."""
    form = forms.read(forms.PressClock)
    about = (form.appearance.data, form.segment.data, form.act.data)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        parts = clocking.press(
            db, contest, appearance=appearance, segment=form.segment.data, act=ClockAct(form.act.data),
            press=own_press(form.press.data, *about), account_id=current_user.id, by=actor(), now=live.now(),
        )  # fmt: skip
        last = clocking.presses_of(db, appearance)[-1]
    said = wording.clock_said(next(part for part in parts if part.id == form.segment.data))
    undo = (url_for(".undo_clock", slug=slug), {"appearance": appearance.public_id, "pressed": last.public_id})
    return done(slug, said, undo=undo)


@blueprint.post("/ops/<slug>/clock/undo")
def undo_clock(slug: str) -> AnyResponse:
    """Take the last press of the clock back."""
    form = forms.read(forms.UndoClock)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        clocking.undo(
            db, contest, appearance=appearance, public_id=form.pressed.data, by=actor(), now=live.now()
        )  # fmt: skip
    return done(slug, _("已撤销上一次按表。"))


@blueprint.post("/ops/<slug>/clock/reset")
def reset_clock(slug: str) -> AnyResponse:
    """Set a part of the talk back to ready."""
    form = forms.read(forms.ResetClock)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        clocking.reset(db, contest, appearance=appearance, segment=form.segment.data, by=actor(), now=live.now())
    return done(slug, _("已归零，按表的记录留在台账里。"))
