"""HTTP in, HTTP out: a contest's rounds, seals and minutes, the judges' cards and the big screens."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from contest import queries as shared
from contest import screens, sealing, seating
from contest.models import Account, Act, RoundState, Seal
from organizer import forms, queries
from organizer.blueprint import blueprint
from organizer.jobs import recount
from organizer.minutes import minutes as read_minutes
from organizer.seals import differences
from web import jobs, links, live, qr
from web.db import reading
from web.roles import actor
from web.words import language, state_word


@blueprint.get("/admin/contests/<slug>/rounds")
def contest(slug: str) -> str:
    """One contest: rounds and seals, seats and cards, entries in order, screens."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        shown = queries.overview(db, found, asked=request.args.get("round"), lang=language())
        return render_template(
            "organizer/contest.html", contest=found, shown=shown, me=current_user.id, screen_link=_screen_link,
            card_link=_card_link, qr_svg=qr.svg, only_here=links.only_here(), differences=partial(differences, db),
        )  # fmt: skip


@blueprint.get("/admin/contests/<slug>/rounds/<round>/minutes")
def minutes(slug: str, round: str) -> str:
    """The minutes of a round, to print and sign."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        kept = read_minutes(db, found, shared.round_of(db, found, round), lang=language())
        return render_template("organizer/minutes.html", contest=found, m=kept)


@blueprint.post("/admin/contests/<slug>/rounds/<round>/state")
def move_round(slug: str, round: str) -> Response:
    """Take a round one step."""
    form = forms.read(forms.MoveRound())
    with live.changing(slug) as (db, found):
        to = RoundState(form.to.data)
        sealing.move(db, found, round_=shared.round_of(db, found, round), to=to, by=actor(), now=live.now())
    return _back(slug, round, _("本轮现在是「%(state)s」。", state=state_word(to)))


@blueprint.post("/admin/contests/<slug>/rounds/<round>/seal")
def propose(slug: str, round: str) -> Response:
    """Propose to seal or reopen; a second person confirms, in an office of one it happens at once."""
    form = forms.read(forms.Propose())
    with live.changing(slug) as (db, found):
        round_ = shared.round_of(db, found, round)
        approval = sealing.propose(
            db, found, round_=round_, act=Act(form.act.data), by=actor(), now=live.now(),
            account=db.get_one(Account, current_user.id), reason=form.reason.data or "",
        )  # fmt: skip
        seal = sealing.last_seal(db, round_) if approval.alone and approval.act is Act.SEAL else None
    if approval.confirmed_at is None:
        return _back(slug, round, _("已提出，请另一位负责人登录后确认。"))
    return _done(slug, round, seal)


@blueprint.post("/admin/contests/<slug>/rounds/<round>/seal/confirm")
def confirm(slug: str, round: str) -> Response:
    """The second person's yes. A sealed round is then recounted on its own."""
    with live.changing(slug) as (db, found):
        round_ = shared.round_of(db, found, round)
        account = db.get_one(Account, current_user.id)
        approval = sealing.confirm(db, found, round_=round_, account=account, by=actor(), now=live.now())
        seal = sealing.last_seal(db, round_) if approval.act is Act.SEAL else None
    return _done(slug, round, seal)


@blueprint.post("/admin/contests/<slug>/rounds/<round>/seal/withdraw")
def withdraw(slug: str, round: str) -> Response:
    """Take an open proposal back."""
    with live.changing(slug) as (db, found):
        sealing.withdraw(db, found, round_=shared.round_of(db, found, round), by=actor(), now=live.now())
    return _back(slug, round, _("申请已撤回。"))


@blueprint.get("/admin/contests/<slug>/cards")
def cards(slug: str) -> str:
    """The judges' cards to print: all, or one seat's."""
    with reading() as db:
        found = shared.contest_by_slug(db, slug)
        return render_template(
            "organizer/cards.html", contest=found, sheets=queries.card_sheets(db, found, request.args.get("seat")),
            card_link=_card_link, qr_svg=qr.svg, only_here=links.only_here(),
            address=links.on_tablets("leaderboard.index"), trust=links.trusting(),
        )  # fmt: skip


@blueprint.post("/admin/contests/<slug>/seats/<seat>/revoke")
def revoke_card(slug: str, seat: str) -> Response:
    """Make a seat's printed cards invalid."""
    with live.changing(slug) as (db, found):
        revoked = shared.seat_of(db, found, seat)
        seating.revoke_card(db, found, seat=revoked, by=actor(), now=live.now())
    return _back(slug, None, _("第 %(seat)s 席的旧卡已停用，请打印新卡。", seat=revoked.number))


@blueprint.post("/admin/contests/<slug>/screens")
def add_screen(slug: str) -> Response:
    """Give a big screen its link."""
    form = forms.read(forms.AddScreen())
    with live.changing(slug) as (db, found):
        screens.add_screen(db, found, name=form.name.data)
    return _back(slug, None, _("大屏「%(name)s」的链接已生成。", name=form.name.data))


@blueprint.post("/admin/contests/<slug>/screens/<screen>/revoke")
def revoke_screen(slug: str, screen: str) -> Response:
    """Make a screen's link invalid."""
    with live.changing(slug) as (db, found):
        name = screens.revoke_screen(db, found, public_id=screen).name
    return _back(slug, None, _("大屏「%(name)s」的旧链接已停用，请用新链接打开。", name=name))


def _done(slug: str, round_: str, seal: Seal | None) -> Response:
    """What is said after a seal, which is then recounted, or after a reopening."""
    if seal is None:
        return _back(slug, round_, _("本轮已重新打开，现在是「已锁定」。"))
    jobs.later(recount, seal_id=seal.id)
    return _back(slug, round_, _("本轮已封存。"))


def _back(slug: str, round_: str | None, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for(".contest", slug=slug, round=round_), code=303)


def _card_link(seat: object) -> str:
    return links.on_tablets("judging.card", token=links.card_token(seat))  # type: ignore[arg-type]


def _screen_link(screen: object) -> str:
    return links.absolute("leaderboard.screen", token=links.screen_token(screen))  # type: ignore[arg-type]

