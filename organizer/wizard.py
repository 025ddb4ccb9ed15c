"""HTTP in, HTTP out: a new contest in five short steps; each saves into the draft and can be opened again later."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import composing, settling
from contest import queries as shared
from contest.models import Contest, Organization, ReleaseMode, Role
from contest.refusals import RoundInUse, RulesFixed
from contest.rules import RuleFileError
from organizer import basics, crew, rules_form
from organizer.blueprint import blueprint
from organizer.readiness import readiness
from organizer.typed import Typed, Unfit
from web import live, qr
from web.db import reading, writing
from web.roles import actor, offices
from web.words import language

STEPS = ("basics", "rounds", "rules", "people", "publish")
STEP = "/admin/contests/<slug>/setup/<any(basics, rounds, rules, people, publish):step>"
Page = str | tuple[str, int]


@blueprint.get("/admin/contests/new")
def new() -> Page:
    """The first step of a new contest, with a free address proposed."""
    with reading() as db:
        typed = Typed({"slug": basics.proposed_slug(db, live.now()), "mask_below": "18"})
        return _first(db, typed, 200)


@blueprint.post("/admin/contests/new")
def create() -> Page | Response:
    """Make the draft, and go on to its rounds."""
    typed = Typed(request.form)
    with writing() as db:
        zone = "Asia/Shanghai"
        found, slug = basics.read_basics(typed, zone), typed.values.get("slug", "").strip()
        if problem := basics.slug_problem(db, slug):
            typed.refuse("slug", problem)
        owner = _organization(db, typed.values.get("organization", ""))
        if typed.errors or owner is None:
            return _first(db, typed, 422)
        plan = replace(composing.preset("final"), title=found.title, title_en=found.title_en)
        settling.start_draft(
            db, slug=slug, basics=found, organization=owner, plan=plan, by=actor(), now=live.now()
        )  # fmt: skip
    return redirect(url_for(".step", slug=slug, step="rounds"), code=303)


@blueprint.get("/admin/contests/address.json")
def address_free() -> Response:
    """Whether an address is free, while it is typed."""
    with reading() as db:
        problem = basics.slug_problem(db, request.args.get("slug", ""))
    return jsonify(free=not problem, text=problem or _("可以使用"))


@blueprint.get(STEP)
def step(slug: str, step: str) -> Page:
    """A step as it stands in the contest."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        plan = composing.plan_of(shared.rule_version(db, found).source)
        return _page(db, found, step, _stored(db, found, step, plan), 200)


@blueprint.post(STEP)
def save_step(slug: str, step: str) -> Page | Response:
    """Save a step and go on to the next; in a published contest, back to its settings."""
    typed = Typed(request.form)
    try:
        with live.changing(slug) as (db, found):
            _save(db, found, step, typed)
            at, drafted = STEPS.index(step), found.published_at is None
    except Unfit:
        with reading() as db:
            return _page(db, shared.contest_by_slug(db, slug), step, typed, 422)
    if step == "publish":
        flash(_("比赛已发布，所有人都能看到。") if not drafted else _("已保存为草稿。"), "success")
        return redirect(url_for(".overview", slug=slug), code=303)
    flash(_("已保存。"), "success")
    if drafted and not typed.ticked("stay"):
        return redirect(url_for(".step", slug=slug, step=STEPS[at + 1]), code=303)
    return redirect(url_for(".step", slug=slug, step=step), code=303)


def _stored(db: Session, contest: Contest, step: str, plan: composing.Plan | None) -> Typed:
    if step == "basics":
        return basics.stored(contest)
    if step == "people":
        return crew.stored(db, contest)
    if plan is None or step == "publish":
        return Typed()
    if step == "rounds":
        return rules_form.stored_rounds(plan, contest.rounds[0].advances)
    typed = rules_form.stored(plan)
    typed.values["release_mode"] = contest.release_mode.value
    return typed


def _save_basics(_db: Session, contest: Contest, typed: Typed) -> None:
    found = basics.read_basics(typed, contest.time_zone)
    if not typed.errors:
        settling.set_basics(_db, contest, found)


def _save_rounds(db: Session, contest: Contest, typed: Typed) -> None:
    plan = composing.plan_of(shared.rule_version(db, contest).source)
    if plan is None:
        typed.choice("rounds", ("final", "two"))
        plan = replace(composing.preset("final"), title=contest.title, title_en=contest.title_en or "")
    plan, advances = rules_form.read_rounds_form(typed, plan)
    if not typed.errors:
        number = {composing.PRELIMINARY: advances}
        settling.change_rules(db, contest, plan=plan, advances=number, by=actor(), now=live.now())


def _save_rules(db: Session, contest: Contest, typed: Typed) -> None:
    plan = composing.plan_of(shared.rule_version(db, contest).source)
    mode = typed.choice("release_mode", tuple(mode.value for mode in ReleaseMode))
    made = rules_form.read_rules_form(typed, plan) if plan is not None else None
    if typed.errors:
        return
    settling.set_release_mode(db, contest, mode=ReleaseMode(mode), by=actor(), now=live.now())
    if made is not None and made != plan:
        kept = {round_.code: round_.advances for round_ in contest.rounds}
        settling.change_rules(db, contest, plan=made, advances=kept, by=actor(), now=live.now())


def _save_publish(db: Session, contest: Contest, typed: Typed) -> None:
    settling.publish(db, contest, shown=typed.values.get("publish") == "now", now=live.now())


SAVES = {
    "basics": _save_basics, "rounds": _save_rounds, "rules": _save_rules, "people": crew.save, "publish": _save_publish,
}  # fmt: skip


def _save(db: Session, contest: Contest, step: str, typed: Typed) -> None:
    try:
        SAVES[step](db, contest, typed)
    except (RulesFixed, RoundInUse) as error:
        typed.refuse("step", error)
    except RuleFileError as error:
        typed.refuse("step", error.in_(language()))
    if typed.errors:
        raise Unfit


def _page(db: Session, contest: Contest, step: str, typed: Typed, status: int) -> Page:
    plan = composing.plan_of(shared.rule_version(db, contest).source)
    ready = readiness(db, contest, lang=language())
    page = render_template(
        "organizer/step.html", contest=contest, step=step, steps=STEPS, typed=typed, plan=plan, form=rules_form,
        ready=ready, done={line.step for line in ready if line.good}, marked=settling.is_marked(db, contest),
        codes=crew.new_codes() if step != "people" or status == 200 else [], masks=basics.MASKS, kinds=composing,
        room_here="organizer.setup", roles=tuple(Role), qr_svg=qr.svg, welcome=crew.welcome,
        own_host=urlsplit(request.url_root).netloc,
    )  # fmt: skip
    return page, status


def _first(db: Session, typed: Typed, status: int) -> Page:
    own = db.scalars(select(Organization).where(Organization.id.in_(offices(current_user.id)))).all()
    page = render_template(
        "organizer/new.html", typed=typed, steps=STEPS, step="basics", organizations=own, masks=basics.MASKS,
        own_host=urlsplit(request.url_root).netloc,
    )  # fmt: skip
    return page, status


def _organization(db: Session, public_id: str) -> Organization | None:
    """The organization that was chosen, of those the account works for; the only one without a choice."""
    own = db.scalars(select(Organization).where(Organization.id.in_(offices(current_user.id)))).all()
    chosen = [each for each in own if each.public_id == public_id] or (list(own) if len(own) == 1 else [])
    return chosen[0] if chosen else None
