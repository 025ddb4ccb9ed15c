"""HTTP in, HTTP out: a contest's page, its calendar file, and the files it hands out."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, render_template
from flask_babel import gettext as _
from sqlalchemy import select

from audience import phases, programme
from audience.blueprint import blueprint
from contest import queries
from contest.models import Round
from web import holding, ical, links, live, uploads
from web.db import reading
from web.roles import public_contest
from web.words import language, title_of

DAY = timedelta(hours=8)


@blueprint.get("/contests/<slug>")
def contest(slug: str) -> str:
    """The contest's page: one button that knows the state, dates, how it is marked, files, divisions."""
    now, lang = live.now(), language()
    with reading() as db:
        found = public_contest(db, slug)
        rules = queries.rules_of(queries.rule_version(db, found))
        phase = phases.phase_of(found, list(db.scalars(select(Round.state).where(Round.contest_id == found.id))), now)
        counted = programme.registered(db, found)
        return render_template(
            "audience/contest.html", contest=found, phase=phase.value, now=now, target=phases.target(found, phase),
            held=holding.held(db, contest=found), registered=counted.total(), marking=programme.marking(rules, lang),
            timeline=programme.timeline(db, found, rules, now, lang), files=programme.attachments(db, found),
            prizes=programme.prizes(rules, lang), divisions=programme.divisions(db, found, rules, counted, lang),
            edition=found.edition if lang == "zh" or found.edition.isascii() else "",
            final=rules.rounds[rules.result.rounds[-1]].title.in_(lang),
        )  # fmt: skip


@blueprint.get("/contests/<slug>/calendar.ics")
def calendar(slug: str) -> Response:
    """The contest's dates for a calendar: a changed date moves in place."""
    now = live.now()
    with reading() as db:
        found = public_contest(db, slug)
        rules = queries.rules_of(queries.rule_version(db, found))
        dates = programme.timeline(db, found, rules, now, language()).dates
        address, title = links.absolute(".contest", slug=slug), title_of(found)
    events = [
        ical.Event(
            f"{date.id}-{found.public_id}", date.at,
            date.ends_at or (date.at + DAY if date.at == found.starts_at else date.at),
            _("%(contest)s：%(date)s", contest=title, date=date.title), found.place, address, "-PT30M",
        )
        for date in dates
    ]  # fmt: skip
    response = Response(ical.calendar(events, now=now), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


@blueprint.get("/contests/<slug>/files/<attachment>")
def attachment(slug: str, attachment: str) -> Response:
    """A file for everybody."""
    with reading() as db:
        file = programme.attachment_of(db, public_contest(db, slug), attachment)
    return uploads.send(file, download=file.media_type != "application/pdf", public=True)
