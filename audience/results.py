"""HTTP in, HTTP out: a contest's results page, the public notice of its winners."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from audience import standings, winners
from audience.blueprint import blueprint
from contest.naming import clean
from contest.rules import program
from web import live
from web.db import reading
from web.notice import objection_text
from web.roles import public_contest
from web.words import language

LONGEST_SEARCH = 60


@blueprint.get("/contests/<slug>/results")
def results(slug: str) -> Response:
    """Before publication what is public now; afterwards the notice, with a search. Kept out of search engines."""
    wanted, now = clean(request.args.get("q", ""))[:LONGEST_SEARCH], live.now()
    with reading() as db:
        contest = public_contest(db, slug)
        page = render_template(
            "audience/results.html", contest=contest, now=now, wanted=wanted, objection=objection_text(contest),
            notice=winners.notice(db, contest, wanted=wanted, lang=language()) if contest.awards_published_at else None,
            released=winners.released(db, contest), tables=standings.tables(db, contest, language()),
            program=program.NAME,
        )  # fmt: skip
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response
