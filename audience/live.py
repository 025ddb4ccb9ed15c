"""HTTP in, HTTP out: the page behind the hall's QR code, one address all day. Made of prebuilt bytes alone."""

from __future__ import annotations

import json

from flask import render_template, url_for

from audience.blueprint import blueprint
from contest.models import Audience
from web import live as frames


@blueprint.get("/live/<slug>")
def live(slug: str) -> str:
    """Who is on stage, the ranking as released, why the last score is what it is; follows the show by itself."""
    contest, stored = frames.stored_frame(slug, Audience.PUBLIC)
    frame, board = json.loads(stored.frame), json.loads(stored.board)
    code = frame["round"]["code"] if frame["round"] else None
    shown = next((round_ for round_ in board["rounds"] if round_["code"] == code), None)
    urls = {
        "stream": url_for("leaderboard.stream", slug=slug), "frame": url_for("leaderboard.frame_json", slug=slug),
        "board": url_for("leaderboard.board_json", slug=slug),
    }  # fmt: skip
    return render_template(
        "audience/live.html", contest=contest, frame=frame, shown=shown, urls=urls, now=frames.now()
    )
