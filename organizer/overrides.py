"""HTTP in, HTTP out: a place or an award decided otherwise than the rules: proposed, confirmed, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import facts, overruling
from contest import queries as shared
from contest.errors import ContestError, NotFound
from contest.models import Account, Appearance, Contest, Decides, Override, Round, RoundState
from contest.rules import NO_AWARD, Rules, Standing, compute
from organizer.blueprint import blueprint
from organizer.typed import Typed
from web import live
from web.db import reading
from web.roles import actor
from web.sentences import sentence
from web.words import language

ROOM = "/admin/contests/<slug>/overrides"
AS_COMPUTED = "computed"
Page = str | tuple[str, int]


@dataclass(frozen=True)
class Room:
    """What the page shows: the rounds that can be decided now, who is in the chosen one, and every decision."""

    rounds: Sequence[tuple[Round, str]]
    round: Round | None
    rows: Sequence[tuple[Standing, Appearance, str | None]]
    awards: Mapping[str, str]
    titles: Mapping[str, str]
    waiting: Sequence[Override]
    decided: Sequence[Override]


@blueprint.get(ROOM)
def overrides(slug: str) -> Page:
    """What is proposed, what was decided, and a form for more."""
    return _page(slug, request.args.get("round"), Typed(), 200)


@blueprint.post(ROOM)
def propose_override(slug: str) -> Page | Response:
    """Propose a place or an award by decision; in an office of one it counts at once."""
    typed = Typed(request.form)
    kind = Decides(typed.choice("kind", tuple(each.value for each in Decides)))
    value = _value(typed, kind)
    if typed.errors:
        return _page(slug, typed.values.get("round"), typed, 422)
    try:
        with live.changing(slug) as (db, found):
            made = overruling.propose(
                db, found, round_=shared.round_of(db, found, typed.values.get("round", "")),
                entry=shared.entry_of(db, found, typed.values.get("entry", "")), kind=kind, value=value,
                reason=typed.values.get("reason", ""), account=db.get_one(Account, current_user.id), by=actor(),
                now=live.now(),
            )  # fmt: skip
            alone = made.alone
    except NotFound:
        raise
    except ContestError as error:
        typed.refuse("reason" if error.code in ("reason_missing", "text_refused") else "entry", error)
        return _page(slug, typed.values.get("round"), typed, 422)
    return _back(slug, _("裁定已生效。") if alone else _("已提出，请另一位组委会成员登录后确认。"))


@blueprint.post(f"{ROOM}/<change>/confirm")
def confirm_override(slug: str, change: str) -> Response:
    """The second person's yes: the decision counts from now on."""
    with live.changing(slug) as (db, found):
        account = db.get_one(Account, current_user.id)
        overruling.confirm(db, found, public_id=change, account=account, by=actor(), now=live.now())
    return _back(slug, _("裁定已生效。"))


@blueprint.post(f"{ROOM}/<change>/withdraw")
def withdraw_override(slug: str, change: str) -> Response:
    """Take an open proposal back."""
    with live.changing(slug) as (db, found):
        overruling.withdraw(db, found, public_id=change, by=actor(), now=live.now())
    return _back(slug, _("申请已撤回。"))


def _value(typed: Typed, kind: Decides) -> str | None:
    """The place or the award that was chosen; None lets the computed result count again."""
    if typed.values.get("as") == AS_COMPUTED:
        return None
    if kind is Decides.AWARD:
        return typed.values.get("award", "")
    place = typed.integer("place", 1, overruling.LAST_PLACE, needed=True)
    return None if place is None else str(place)


def _back(slug: str, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for(".overrides", slug=slug), code=303)


def _page(slug: str, asked: str | None, typed: Typed, status: int) -> Page:
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        page = render_template(
            "organizer/overrides.html", contest=found, room=_room(db, found, asked, language()), typed=typed,
            me=current_user.id, sentence=sentence, room_here="organizer.results",
        )  # fmt: skip
    return page, status


def _room(db: Session, contest: Contest, asked: str | None, lang: str) -> Room:
    rules = shared.rules_of(shared.rule_version(db, contest))
    titles = {code: round_.title.in_(lang) for code, round_ in rules.rounds.items()}
    rounds = db.scalars(select(Round).where(Round.contest_id == contest.id).order_by(Round.position)).all()
    locked = [each for each in rounds if each.state is RoundState.LOCKED]
    chosen = next((each for each in locked if each.code == asked), locked[0] if locked else None)
    return Room(
        rounds=[(each, titles[each.code]) for each in locked], round=chosen,
        rows=[] if chosen is None else _rows(db, contest, rules, chosen),
        awards={award.id: award.title.in_(lang) for award in rules.awards} | {NO_AWARD: _("不授奖")},
        titles=titles, waiting=overruling.waiting(db, contest), decided=overruling.decided(db, contest),
    )  # fmt: skip


def _rows(
    db: Session, contest: Contest, rules: Rules, round_: Round
) -> list[tuple[Standing, Appearance, str | None]]:
    """The round's ranking with each entry's award, as everything that stands now makes it."""
    outcome = compute(rules, facts.read(db, contest))
    given = {code: one.award for one in outcome.awards for code, _place in one.entries}
    people = {each.entry.code: each for each in shared.appearances_in_order(db, round_)}
    return [
        (standing, people[standing.entry], given.get(standing.entry))
        for standing in outcome.rounds[round_.code].standings if standing.entry in people
    ]
