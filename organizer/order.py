"""HTTP in, HTTP out: the running order: who goes on, the draw or an order by hand, withdrawals, late ones, breaks."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import absences, advancing, drawing, ordering
from contest import queries as shared
from contest.errors import ContestError, Malformed, NotFound
from contest.models import Account, Contest, Panel, Round
from contest.refusals import PanelMissing
from organizer import lineup
from organizer.blueprint import blueprint
from web import live
from web.db import reading
from web.errors import CONFLICT, STATUS, wants_json
from web.roles import actor
from web.sentences import sentence
from web.words import language

Page = str | tuple[str, int]
Act = Callable[[Session, Contest, Round], str]
ROUND = "/admin/contests/<slug>/rounds/<round>"
SEED_BYTES = 16


@blueprint.get("/admin/contests/<slug>/order")
def order(slug: str) -> Page:
    """A round's running order, and how it comes about."""
    return _page(slug, request.args.get("round"), None)


@blueprint.post(f"{ROUND}/draw/prepare")
def prepare_draw(slug: str, round: str) -> Page | Response:
    """Commit to a seed, and show the commitment."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        drawing.prepare(
            db, contest, round_=at, seed=secrets.token_hex(SEED_BYTES), account=_me(db),
            reason=request.form.get("redraw_reason", ""), by=actor(), now=live.now(),
        )  # fmt: skip
        return str(_("种子已生成，承诺值已公开。现在可以抽签。"))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/draw")
def draw(slug: str, round: str) -> Page | Response:
    """Draw with the seed that was committed to."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        drawing.draw(
            db, contest, round_=at, panel=_panel(db, contest), by_division=bool(request.form.get("by_division")),
            account=_me(db), by=actor(), now=live.now(),
        )  # fmt: skip
        return str(_("已抽签。核对无误后公布出场顺序。"))

    return _act(slug, round, act, drawn=1)


@blueprint.post(f"{ROUND}/order/arrange")
def arrange(slug: str, round: str) -> Page | Response:
    """Lay the order by hand, starting from the entries' numbers."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        ordering.arrange(
            db, contest, round_=at, panel=_panel(db, contest), entries=ordering.to_lay(db, contest, at),
            account=_me(db), reason=request.form.get("reason", ""), by=actor(), now=live.now(),
        )  # fmt: skip
        return str(_("已按编号排出，可以逐个移动。"))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/order/place")
def place(slug: str, round: str) -> Page | Response:
    """Move one to another place, before publication."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        appearance = shared.appearance_of(db, contest, request.form.get("appearance", ""))
        if appearance.round_id != at.id:
            raise NotFound
        ordering.place(
            db, contest, appearance=appearance, position=_number("position"), account=_me(db),
            reason=request.form.get("reason", ""), by=actor(), now=live.now(),
        )  # fmt: skip
        return str(_("已移动。"))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/order/publish")
def publish_order(slug: str, round: str) -> Page | Response:
    """Make the order known; its numbers stay from now on."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        ordering.publish(db, contest, round_=at, by=actor(), now=live.now())
        return str(_("出场顺序已公布，号码从此不变。"))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/order/change")
def change_order(slug: str, round: str) -> Page | Response:
    """弃权, taken back, to the end, or a late entry."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        entry = shared.entry_of(db, contest, request.form.get("entry", ""))
        reason, by, now = request.form.get("reason", ""), actor(), live.now()
        match request.form.get("act"):
            case "withdraw":
                absences.withdraw(db, contest, round_=at, entry=entry, reason=reason, by=by, now=now)
                return str(_("%(name)s 已记弃权，号码保留。", name=entry.name))
            case "reinstate":
                absences.reinstate(db, contest, round_=at, entry=entry, reason=reason, by=by, now=now)
                return str(_("%(name)s 的弃权已撤销。", name=entry.name))
            case "late":
                late = absences.add_late(db, contest, round_=at, entry=entry, reason=reason, by=by, now=now)
                return str(_("%(name)s 排在最后，是第 %(number)s 号。", name=entry.name, number=late.number))
            case "to_end":
                found = next((a for a in shared.appearances_in_order(db, at) if a.entry_id == entry.id), None)
                if found is None:
                    raise NotFound
                absences.to_end(db, contest, appearance=found, reason=reason, by=by, now=now)
                return str(_("第 %(number)s 号移到最后，号码不变。", number=found.number))
        raise Malformed(what="act")

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/breaks")
def add_break(slug: str, round: str) -> Page | Response:
    """A pause after the n-th place."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        minutes = _number("minutes") if request.form.get("minutes", "").strip() else None
        ordering.add_break(
            db, contest, round_=at, after=_number("after"), title=request.form.get("title", ""), minutes=minutes
        )
        return str(_("已加入休息。"))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/breaks/<pause>/remove")
def remove_break(slug: str, round: str, pause: str) -> Page | Response:
    """Take a pause out."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        ordering.remove_break(db, contest, round_=at, public_id=pause)
        return str(_("休息已取消。"))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/advance")
def advance(slug: str, round: str) -> Page | Response:
    """Send the first of the round before on to this one."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        sent = advancing.advance(
            db, contest, round_=at, most=_number("most"), ties=request.form.get("ties", "all"), by=actor(),
            now=live.now(),
        )  # fmt: skip
        return str(ngettext("已定 %(num)s 位晋级，可以抽签。", "已定 %(num)s 位晋级，可以抽签。", len(sent)))

    return _act(slug, round, act)


@blueprint.post(f"{ROUND}/advance/move-up")
def move_up(slug: str, round: str) -> Page | Response:
    """Somebody gives the place up: the next of the ranking follows."""

    def act(db: Session, contest: Contest, at: Round) -> str:
        entry = shared.entry_of(db, contest, request.form.get("entry", ""))
        following = advancing.move_up(
            db, contest, round_=at, entry=entry, reason=request.form.get("reason", ""), by=actor(), now=live.now()
        )
        return str(_("%(leaves)s 退出，%(follows)s 递补。", leaves=entry.name, follows=following.name))

    return _act(slug, round, act)


def _act(slug: str, code: str, act: Act, *, drawn: int | None = None) -> Page | Response:
    """Do one thing to a round's order; what stands in the way is said on the page."""
    try:
        with live.changing(slug) as (db, contest):
            said = act(db, contest, shared.round_of(db, contest, code))
    except NotFound:
        raise
    except ContestError as error:
        if wants_json():
            raise
        return _page(slug, code, error)
    flash(said, "success")
    return redirect(url_for(".order", slug=slug, round=code, drawn=drawn), code=303)


def _page(slug: str, code: str | None, problem: ContestError | None) -> Page:
    with reading() as db:
        contest = shared.contest_by_slug(db, slug)
        most, ties = request.args.get("most", ""), request.args.get("ties", "")
        shown = lineup.order(
            db, contest, asked=code, ties=ties if ties in advancing.TIES else "", lang=language(),
            most=int(most) if most.isascii() and most.isdecimal() and 0 < len(most) < 5 and int(most) else None,
        )  # fmt: skip
        page = render_template(
            "organizer/order.html", contest=contest, shown=shown, problem=problem, now=live.now(),
            why=sentence(problem) if problem else "", typed=request.form if problem else {},
        )  # fmt: skip
    return page if problem is None else (page, STATUS.get(type(problem), CONFLICT))


def _me(db: Session) -> Account:
    return db.get_one(Account, current_user.id)


def _panel(db: Session, contest: Contest) -> Panel:
    """The panel that was chosen, else the contest's only one. Raises PanelMissing."""
    panels = db.scalars(select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.code)).all()
    asked = request.form.get("panel")
    found = next((panel for panel in panels if panel.public_id == asked), panels[0] if panels and not asked else None)
    if found is None:
        raise PanelMissing
    return found


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise Malformed(what=name)
    return int(text)
