"""The desk's buttons about an appearance: bring it on, add and take off, confirm, release, take back, open."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from contest import checking, clocking, opening, showing
from contest import queries as shared
from stage import forms, wording
from stage.answering import done, own_press
from stage.blueprint import blueprint
from web import backups, live
from web.roles import actor


@blueprint.post("/ops/<slug>/call")
def call(slug: str) -> AnyResponse:
    """Bring an appearance on stage."""
    form = forms.read(forms.CallOn)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        showing.call(db, contest, appearance=appearance, now=live.now())
    return done(slug, _("第 %(number)s 号已上台。", number=appearance.number), page=forms.page_of(form))


@blueprint.post("/ops/<slug>/adjustments")
def adjust(slug: str) -> AnyResponse:
    """Add a penalty, a quiz deduction or a measured value."""
    form = forms.read(forms.Adjust)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        press = own_press(form.press.data, appearance.public_id)
        showing.adjust(
            db, contest, appearance=appearance, kind=form.kind.data, value=form.value.data or "",
            reason=form.reason.data or "", press=press, by=actor(), now=live.now(),
        )  # fmt: skip
    return done(slug, _("已记入第 %(number)s 号。", number=appearance.number))


@blueprint.post("/ops/<slug>/adjustments/<adjustment>/cancel")
def cancel_adjustment(slug: str, adjustment: str) -> AnyResponse:
    """Take an adjustment back."""
    with live.changing(slug) as (db, contest):
        showing.cancel_adjustment(db, contest, public_id=adjustment, by=actor(), now=live.now())
    return done(slug, _("已撤销，原记录保留在台账里。"))


@blueprint.post("/ops/<slug>/release")
def release(slug: str) -> AnyResponse:
    """Let everybody see an appearance's score."""
    form = forms.read(forms.OneAppearance)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        showing.release(db, contest, appearance=appearance, by=actor(), now=live.now())
    backups.soon()
    return done(slug, _("第 %(number)s 号的成绩已发布。", number=appearance.number))


@blueprint.post("/ops/<slug>/release/withdraw")
def withdraw_release(slug: str) -> AnyResponse:
    """Take a released score back with a note that the public reads."""
    form = forms.read(forms.WithdrawRelease)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        showing.withdraw_release(
            db, contest, appearance=appearance, note=form.note.data or "", by=actor(), now=live.now()
        )
    return done(slug, _("第 %(number)s 号的成绩已撤回。", number=appearance.number))


@blueprint.post("/ops/<slug>/check")
def check(slug: str) -> AnyResponse:
    """Confirm the deductions of an appearance, those that the clock proposes entered or not."""
    form = forms.read(forms.Check)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        rules = shared.round_rules(shared.rules_of(shared.rule_version(db, contest)), appearance)
        parts = clocking.read(db, rules, appearance) if form.deduct.data else []
        reasons = {part.id: wording.timed(part.before) for part in parts}
        checking.confirm(db, contest, appearance=appearance, reasons=reasons, by=actor(), now=live.now())
    undo = (url_for(".uncheck", slug=slug), {"appearance": appearance.public_id})
    return done(slug, _("第 %(number)s 号的扣分已确认。", number=appearance.number), undo=undo)


@blueprint.post("/ops/<slug>/check/undo")
def uncheck(slug: str) -> AnyResponse:
    """Take the confirmation back, to change what it rests on."""
    form = forms.read(forms.OneAppearance)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        checking.take_back(db, contest, appearance=appearance)
    return done(slug, _("可以改动第 %(number)s 号的扣分了，改完请再确认。", number=appearance.number))


@blueprint.post("/ops/<slug>/release/open")
def open_results(slug: str) -> AnyResponse:
    """Open the held results: one appearance's score, or the whole round's where none is named."""
    form = forms.read(forms.OpenResults)
    with live.changing(slug) as (db, contest):
        if form.appearance.data:
            appearance = shared.appearance_of(db, contest, form.appearance.data)
            showing.release(db, contest, appearance=appearance, by=actor(), now=live.now(), opening=True)
            said = _("第 %(number)s 号的成绩已发布。", number=appearance.number)
        else:
            round_ = shared.round_of(db, contest, form.round.data or "")
            out = opening.release_all(db, contest, round_=round_, by=actor(), now=live.now())
            said = _("已公布 %(count)s 位的成绩。", count=len(out))
    backups.soon()
    return done(slug, said)
