"""HTTP in, HTTP out: the desk, its live parts, and each of its buttons."""

from __future__ import annotations

import hashlib
import json
import uuid

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from contest import correcting, showing
from contest import queries as shared
from contest.models import Audience
from stage import forms, queries
from web import backups, links, live
from web.db import reading
from web.errors import wants_json
from web.roles import actor
from web.words import language

blueprint = Blueprint("stage", __name__)


@blueprint.get("/ops/<slug>")
def desk(slug: str) -> str:
    """The desk: people on the left, the screen in the middle, judges and release on the right."""
    return _desk(slug, "stage/desk.html", press=str(uuid.uuid4()))


@blueprint.get("/ops/<slug>/parts")
def parts(slug: str) -> Response:
    """The desk's parts alone, with an ETag: an open desk takes them over as they change."""
    response = Response(_desk(slug, "stage/parts.html", press=""))
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@blueprint.get("/ops/<slug>/frame.json")
def frame_json(slug: str) -> Response:
    """The newest frame of the staff."""
    return live.as_json(slug, Audience.STAFF, whole_board=False)


@blueprint.get("/ops/<slug>/stream")
def stream(slug: str) -> Response:
    """The staff's live stream."""
    return live.stream(slug, Audience.STAFF)


@blueprint.post("/ops/<slug>/call")
def call(slug: str) -> AnyResponse:
    """Bring an appearance on stage."""
    form = forms.read(forms.OneAppearance)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        showing.call(db, contest, appearance=appearance, now=live.now())
    return _done(slug, _("第 %(number)s 号已上台。", number=appearance.number))


@blueprint.post("/ops/<slug>/scene")
def scene(slug: str) -> AnyResponse:
    """Hold the screen on a scene, or let it follow the event."""
    form = forms.read(forms.ChooseScene)
    with live.changing(slug) as (db, contest):
        showing.choose_scene(db, contest, scene=form.chosen(), now=live.now())
    return _done(slug, _("大屏已切换。"))


@blueprint.post("/ops/<slug>/adjustments")
def adjust(slug: str) -> AnyResponse:
    """Add a penalty, a quiz deduction or a measured value."""
    form = forms.read(forms.Adjust)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        # One press is about one appearance, so the same id can never answer for two.
        press = str(uuid.uuid5(uuid.UUID(form.press.data), appearance.public_id)) if form.press.data else ""
        showing.adjust(
            db, contest, appearance=appearance, kind=form.kind.data, value=form.value.data or "",
            reason=form.reason.data or "", press=press, by=actor(), now=live.now(),
        )  # fmt: skip
    return _done(slug, _("已记入第 %(number)s 号。", number=appearance.number))


@blueprint.post("/ops/<slug>/adjustments/<adjustment>/cancel")
def cancel_adjustment(slug: str, adjustment: str) -> AnyResponse:
    """Take an adjustment back."""
    with live.changing(slug) as (db, contest):
        showing.cancel_adjustment(db, contest, public_id=adjustment, by=actor(), now=live.now())
    return _done(slug, _("已撤销，原记录保留在台账里。"))


@blueprint.post("/ops/<slug>/release")
def release(slug: str) -> AnyResponse:
    """Let everybody see an appearance's score."""
    form = forms.read(forms.OneAppearance)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        showing.release(db, contest, appearance=appearance, by=actor(), now=live.now())
    backups.soon()
    return _done(slug, _("第 %(number)s 号的成绩已发布。", number=appearance.number))


@blueprint.post("/ops/<slug>/release/withdraw")
def withdraw_release(slug: str) -> AnyResponse:
    """Take a released score back with a note that the public reads."""
    form = forms.read(forms.WithdrawRelease)
    with live.changing(slug) as (db, contest):
        appearance = shared.appearance_of(db, contest, form.appearance.data)
        showing.withdraw_release(
            db, contest, appearance=appearance, note=form.note.data or "", by=actor(), now=live.now()
        )
    return _done(slug, _("第 %(number)s 号的成绩已撤回。", number=appearance.number))


@blueprint.post("/ops/<slug>/strays/<message>/decision")
def decide_stray(slug: str, message: str) -> AnyResponse:
    """Let a stray message count, or set it aside."""
    form = forms.read(forms.DecideStray)
    with live.changing(slug) as (db, contest):
        correcting.decide_stray(
            db, contest, message_id=message, accept=form.decision.data == "accept", reason=form.reason.data or "",
            by=actor(), now=live.now(),
        )  # fmt: skip
    return _done(slug, _("这条待定评分已处理。"))


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
    return _done(slug, _("已退回，请评委修改后重新提交。"))


def _desk(slug: str, template: str, *, press: str) -> str:
    _contest, stored = live.stored_frame(slug, Audience.STAFF)
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        shown = queries.desk(db, contest, focus=request.args.get("appearance"), lang=language(), now=live.now())
        screen = queries.screen(db, contest)
        return render_template(
            template, contest=contest, desk=shown, press=press, frame=json.loads(stored.frame), all_out=queries.all_out,
            screen_url=url_for("leaderboard.screen", token=links.screen_token(screen)) if screen else None,
        )  # fmt: skip


def _done(slug: str, said: str) -> AnyResponse:
    """Back to the desk, still at the appearance the form was about where that is not the one on stage."""
    if wants_json():
        return jsonify(message=said)
    flash(said, "success")
    return redirect(url_for(".desk", slug=slug, appearance=request.form.get("focus") or None), code=303)
