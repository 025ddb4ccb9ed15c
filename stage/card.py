"""The MC's card: who is on, who comes next, and the released score to read aloud."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from contest import queries as shared
from contest.models import Audience
from stage import backstage
from stage.answering import fresh
from stage.blueprint import blueprint
from web import live
from web.db import reading
from web.words import language


@blueprint.get("/ops/<slug>/mc")
def mc(slug: str) -> AnyResponse:
    """The card; with ?parts its parts alone, as an open page takes them over."""
    live.stored_frame(slug, Audience.PUBLIC)  # What is read aloud stands there, so it has to be there.
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        card = backstage.card(db, contest, lang=language())
        template = "stage/mc_parts.html" if "parts" in request.args else "stage/mc.html"
        return fresh(render_template(template, contest=contest, card=card))


@blueprint.get("/ops/<slug>/beside/frame.json")
def beside_frame(slug: str) -> Response:
    """The newest public frame, for the pages beside the stage: whoever works there knows no score that is not out."""
    return live.as_json(slug, Audience.PUBLIC, whole_board=False)


@blueprint.get("/ops/<slug>/beside/stream")
def beside_stream(slug: str) -> Response:
    """The public's live stream, for the pages beside the stage."""
    return live.stream(slug, Audience.PUBLIC)
