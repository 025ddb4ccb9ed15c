"""HTTP in, HTTP out: the desk, its live parts, its frames, and the server's time."""

from __future__ import annotations

import json
import uuid

from flask import Response, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from contest import queries as shared
from contest.models import Audience
from stage import queries, wording
from stage.answering import fresh
from stage.blueprint import blueprint
from web import links, live
from web.db import reading
from web.words import language


@blueprint.get("/ops/<slug>")
def desk(slug: str) -> str:
    """The desk: people on the left, the screen in the middle, judges and release on the right."""
    return _desk(slug, "stage/desk.html", press=str(uuid.uuid4()))


@blueprint.get("/ops/<slug>/parts")
def parts(slug: str) -> AnyResponse:
    """The desk's parts alone, with an ETag: an open desk takes them over as they change."""
    return fresh(_desk(slug, "stage/parts.html", press=""))


@blueprint.get("/ops/<slug>/frame.json")
def frame_json(slug: str) -> Response:
    """The newest frame of the staff."""
    return live.as_json(slug, Audience.STAFF, whole_board=False)


@blueprint.get("/ops/<slug>/stream")
def stream(slug: str) -> Response:
    """The staff's live stream."""
    return live.stream(slug, Audience.STAFF)


@blueprint.get("/time.json")
def server_time() -> Response:
    """The server's time in milliseconds: every clock in the hall counts with it, whatever its own device says."""
    response = jsonify(now=round(live.now().timestamp() * 1000))
    response.headers["Cache-Control"] = "no-store"
    return response


def _desk(slug: str, template: str, *, press: str) -> str:
    _contest, stored = live.stored_frame(slug, Audience.STAFF)
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        shown = queries.desk(db, contest, focus=request.args.get("appearance"), lang=language(), now=live.now())
        screen = queries.screen(db, contest)
        return render_template(
            template, contest=contest, desk=shown, press=press, frame=json.loads(stored.frame), all_out=queries.all_out,
            wording=wording, last_press=lambda appearance: queries.last_press(db, appearance), now=live.now(),
            screen_url=url_for("leaderboard.screen", token=links.screen_token(screen)) if screen else None,
        )  # fmt: skip
