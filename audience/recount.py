"""HTTP in, HTTP out: the published standings for machines, the bundle that recounts them, the program that does it."""

from __future__ import annotations

from hashlib import sha256

from flask import Response, request, url_for

from audience import standings
from audience.blueprint import blueprint
from contest import publishing
from contest.rows import as_bytes
from contest.rules import program
from web.db import reading
from web.roles import public_contest


@blueprint.get("/contests/<slug>/results.json")
def results_json(slug: str) -> Response:
    """What the results page shows of published rounds, with the steps as codes and in words."""
    with reading() as db:
        contest = public_contest(db, slug)
        found = standings.as_json(db, contest, lambda code: url_for(".results_bundle", slug=slug, round=code))
    return _sent(as_bytes(found), "application/json")


@blueprint.get("/contests/<slug>/results/<round>.zip")
def results_bundle(slug: str, round: str) -> Response:
    """The facts of a published round as a contest folder; before publication there is no such thing."""
    with reading() as db:
        bundle = publishing.bundle_of(db, public_contest(db, slug), round)
    return _sent(bundle.data, "application/zip", f"{slug}-{'-'.join(bundle.covers)}.zip")


@blueprint.get(f"/{program.NAME}")
def recount_program() -> Response:
    """The recount as one file that needs only Python."""
    return _sent(program.program(), "application/zip", program.NAME)


def _sent(body: bytes, media_type: str, name: str | None = None) -> Response:
    """The bytes with their SHA-256 as ETag: 304 for whoever has them."""
    response = Response(body, mimetype=media_type)
    response.set_etag(sha256(body).hexdigest())
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    if name is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response.make_conditional(request)  # type: ignore[return-value]
