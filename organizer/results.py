"""HTTP in, HTTP out: the result before it is sealed, with everything a chief judge asks of it. It changes nothing."""

from __future__ import annotations

from flask import render_template, request

from contest import queries as shared
from contest.analysis.agreement import LEAST
from contest.analysis.spread import FAR
from organizer import result_judges
from organizer.blueprint import blueprint
from organizer.result_page import Asked, result_page
from web.db import reading
from web.words import language


@blueprint.get("/admin/contests/<slug>/results")
def results(slug: str) -> str:
    """Places, spread, ties, award lines to move, recounts without a seat, and how far the panel agrees."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        page = result_page(db, found, Asked.read(slug, request.args), language())
        return render_template(
            "organizer/results.html", contest=found, page=page, signed=result_judges.signed, plain=result_judges.plain,
            alpha_word=result_judges.alpha_word, far=FAR, least=LEAST,
        )  # fmt: skip
