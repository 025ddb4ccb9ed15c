"""HTTP in, HTTP out: the next edition of a contest, with its dates moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import cloning
from contest import queries as shared
from contest.errors import NotFound
from contest.models import Contest
from organizer import basics
from organizer.blueprint import blueprint
from organizer.typed import Typed, Unfit, local
from web import live
from web.db import reading, writing
from web.roles import actor, offices

CLONE = "/admin/contests/<slug>/clone"
YEAR, FARTHEST = timedelta(days=364), 3660
Page = str | tuple[str, int]


@blueprint.get(CLONE)
def clone(slug: str) -> Page:
    """What the new edition is called, and when it begins: a year later to the weekday, unless said otherwise."""
    with reading() as db:
        found = _own(db, slug)
        starts = local(found.starts_at + YEAR, found.time_zone) if found.starts_at else ""
        typed = Typed({
            "title": found.title, "slug": basics.proposed_slug(db, live.now()), "starts_at": starts, "days": "364",
            "judges": "1",
        })  # fmt: skip
        return _page(found, typed, 200)


@blueprint.post(CLONE)
def make_clone(slug: str) -> Page | Response:
    """Make the new edition's draft."""
    typed = Typed(request.form)
    try:
        with writing() as db:
            found = _own(db, slug)
            title, edition = typed.line("title", needed=True), typed.line("edition", most=64)
            address = typed.values.get("slug", "").strip()
            if problem := basics.slug_problem(db, address):
                typed.refuse("slug", problem)
            shift, starts = _shift(typed, found)
            if typed.errors:
                raise Unfit
            made = cloning.clone(
                db, found, slug=address, title=title, edition=edition, shift=shift, by=actor(), now=live.now(),
                with_judges=typed.ticked("judges"),
            )  # fmt: skip
            made.starts_at = starts or made.starts_at
    except Unfit:
        with reading() as db:
            return _page(_own(db, slug), typed, 422)
    flash(_("新比赛的草稿已建好，请核对日期。"), "success")
    return redirect(url_for(".step", slug=address, step="basics"), code=303)


def _shift(typed: Typed, contest: Contest) -> tuple[timedelta, datetime | None]:
    """By how many days everything moves, from the new start where the old one is known; and the new start itself."""
    if contest.starts_at is None:
        return timedelta(days=typed.integer("days", 0, FARTHEST, needed=True) or 0), None
    starts = typed.moment("starts_at", contest.time_zone)
    if starts is None:
        typed.refuse("starts_at", _("请填写日期和时间。"))
        return timedelta(0), None
    before = contest.starts_at.astimezone(ZoneInfo(contest.time_zone)).date()
    days = (starts.date() - before).days
    if abs(days) > FARTHEST:
        typed.refuse("starts_at", _("离原来的日期太远，请检查年份。"))
        return timedelta(0), None
    return timedelta(days=days), starts


def _own(db: Session, slug: str) -> Contest:
    """A contest of an organization this account works for. Raises NotFound for any other."""
    found = shared.contest_by_slug(db, slug)
    if found.organization_id not in offices(current_user.id):
        raise NotFound
    return found


def _page(contest: Contest, typed: Typed, status: int) -> Page:
    return render_template("organizer/clone.html", contest=contest, typed=typed), status
