"""HTTP in, HTTP out: a sealed round's awards, given and published by two acts, and the public notice's settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contest import awarding
from contest import queries as shared
from contest.refusals import DateRefused
from organizer.award_table import award_room, award_rounds
from organizer.blueprint import blueprint
from organizer.typed import Typed, local
from web import live
from web.db import reading, writing
from web.notice import objection_text
from web.roles import actor
from web.words import language

Page = str | tuple[str, int]


@blueprint.get("/admin/contests/<slug>/awards")
def awards(slug: str) -> Page:
    """Who gets what with cut lines and reasons; giving, publishing, the notice."""
    return _page(slug, request.args.get("round"), Typed(), 200)


@blueprint.post("/admin/contests/<slug>/awards/rounds/<round>")
def give_awards(slug: str, round: str) -> Response:
    """Write the awards on the round's newest seal."""
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        round_ = shared.round_of(db, found, round)
        given = awarding.give(db, found, round_=round_, by=actor(), now=live.now())
    flash(_("已授予 %(count)s 个奖项。公布之前，只有工作人员看得到。", count=len(given)), "success")
    return redirect(url_for(".awards", slug=slug, round=round), code=303)


@blueprint.post("/admin/contests/<slug>/awards/publication")
def publish_awards(slug: str) -> Page | Response:
    """Let the public read the awards, or take them back."""
    typed = Typed(request.form)
    shows = typed.choice("act", ("publish", "hide")) == "publish"
    if shows and not typed.ticked("sure"):
        typed.refuse("sure", _("公布后所有人立刻看到获奖名单，请先勾选确认。"))
    if typed.errors:
        return _page(slug, None, typed, 422)
    with writing() as db:
        found = shared.contest_by_slug(db, slug)
        (awarding.publish if shows else awarding.hide)(db, found, by=actor(), now=live.now())
    flash(_("奖项已公布。") if shows else _("奖项已撤下，公众看不到了。"), "success")
    return redirect(url_for(".awards", slug=slug, _anchor="publication"), code=303)


@blueprint.post("/admin/contests/<slug>/awards/notice")
def set_notice(slug: str) -> Page | Response:
    """Until when the notice runs, and how to object to it."""
    typed = Typed(request.form)
    with reading() as db:
        zone = shared.contest_by_slug(db, slug).time_zone
    closes_at, objection = typed.moment("closes_at", zone), typed.paragraphs("objection", most=1000)
    if not typed.errors:
        with writing() as db:
            found = shared.contest_by_slug(db, slug)
            try:
                awarding.set_notice(db, found, closes_at=closes_at, objection=objection, now=live.now())
            except DateRefused as error:
                typed.refuse("closes_at", error)
    if typed.errors:
        return _page(slug, None, typed, 422)
    flash(_("公示设置已保存。"), "success")
    return redirect(url_for(".awards", slug=slug, _anchor="notice"), code=303)


def _page(slug: str, asked: str | None, typed: Typed, status: int) -> Page:
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        rounds = award_rounds(db, found)
        # Of several rounds the last is the one that awards are mostly about.
        round_ = next((each for each in rounds if each.code == asked), rounds[-1])
        rules = shared.rules_of(shared.rule_version(db, found))
        page = render_template(
            "organizer/awards.html", contest=found, room=award_room(db, found, round_, language()), typed=typed,
            rounds=[(each.code, rules.rounds[each.code].title.in_(language())) for each in rounds],
            closes=local(found.notice_closes_at or awarding.default_close(found, live.now()), found.time_zone),
            objection=objection_text(found), now=live.now(),
            given=bool(awarding.standing_awards(db, found)),
        )  # fmt: skip
    return page if status == 200 else (page, status)
