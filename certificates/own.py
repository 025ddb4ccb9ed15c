"""HTTP in, HTTP out: a winner's own certificate, on a device that holds the registration."""

from __future__ import annotations

import io

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certificates import sheets
from certificates.blueprint import blueprint
from contest import honours, layouts
from contest.errors import NotFound
from web import holding
from web.db import reading


@blueprint.get("/my/entries/<registration>/certificate.pdf")
def own(registration: str) -> Response:
    """The newest versions of one's own certificates, once the awards are published."""
    with reading() as db:
        found = holding.held_one(db, registration)
        certificates = honours.own_certificates(db, found)
        if not certificates:
            raise NotFound
        drawn = [sheets.of_version(each.versions[-1], sheets.check_page()) for each in certificates]
        seal, contest = sheets.seal_path(layouts.layout_of(db, found.contest)), found.contest
        made = sheets.pdf(drawn, title=contest.title, author=contest.organization.name, seal=seal)
        name = f"{contest.title} {_('证书')} {drawn[0].number}.pdf"
    response = send_file(io.BytesIO(made), "application/pdf", download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
