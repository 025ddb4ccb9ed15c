"""The contestant's own pass: a page with a large code that stays on the phone once it is open."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contest import queries, welcoming
from contest.models import RegistrationState
from registration.blueprint import blueprint
from web import holding, links, qr
from web.db import reading
from web.words import language

SEE_OTHER = 303


@blueprint.get("/my/entries/<registration>/pass")
def own_pass(registration: str) -> str | Response:
    """The pass of an accepted registration; before that, back to where it stands."""
    with reading() as db:
        found = holding.held_one(db, registration)
        if found.state is not RegistrationState.APPROVED or found.entry is None:
            flash(_("审核通过后，这里显示入场证。"), "info")
            return redirect(url_for(".mine", registration=registration), SEE_OTHER)
        rules = queries.rules_of(queries.rule_version(db, found.contest))
        address = links.absolute("registration.open_pass", token=links.pass_token(found.entry))
        return render_template(
            "registration/own_pass.html", registration=found, contest=found.contest, entry=found.entry,
            guest=welcoming.guest_of(db, found.contest, found.entry, told=True),
            division=rules.division_title(found.entry.division, language()),
            code=qr.svg(address, label=_("入场证二维码，签到时请工作人员扫描")), only_here=links.only_here(),
        )  # fmt: skip
