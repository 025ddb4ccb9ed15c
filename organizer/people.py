"""HTTP in, HTTP out: the people of a contest: judges on their seats, substitutes, absences; staff and their roles."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from contest import appointing, paneling
from contest import queries as shared
from contest.errors import ContestError, NotFound, NotPermitted
from contest.models import Account, Contest, Role, Seat
from organizer import crew, staff
from organizer.blueprint import blueprint
from organizer.typed import Typed, Unfit
from web import links, live, qr
from web.db import reading
from web.roles import actor
from web.words import language

PEOPLE = "/admin/contests/<slug>/people"
MOST_ORDER = 100_000
Page = str | tuple[str, int]


@blueprint.get(PEOPLE)
def people(slug: str) -> Page:
    """Who judges and who works on the contest."""
    with reading() as db:
        return _page(db, shared.contest_by_slug(db, slug), Typed(), 200)


@blueprint.post(f"{PEOPLE}/judges")
def add_judge(slug: str) -> Page | Response:
    """Put one more judge on a new seat."""
    return _acted(slug, "judges", _add_judge)


@blueprint.post(f"{PEOPLE}/seats/<seat>")
def change_seat(slug: str, seat: str) -> Page | Response:
    """Rename a judge, put a substitute on the seat, note or cancel an absence, remove the seat."""

    def act(db: Session, contest: Contest, typed: Typed) -> str:
        done = SEATS.get(typed.values.get("act", ""))
        if done is None:
            raise NotFound
        return done(db, contest, typed, shared.seat_of(db, contest, seat))

    return _acted(slug, f"seat-{seat}", act)


@blueprint.post(f"{PEOPLE}/staff")
def add_staff(slug: str) -> Page | Response:
    """Give somebody a part in the contest, with a new account where there is none."""
    return _acted(slug, "staff", _add_staff)


@blueprint.post(f"{PEOPLE}/staff/<account>")
def change_staff(slug: str, account: str) -> Page | Response:
    """Change somebody's roles, make a new one-time code, shut an account out or let it in again."""

    def act(db: Session, contest: Contest, typed: Typed) -> str:
        return _change_staff(db, contest, typed, appointing.colleague(db, contest, account))

    return _acted(slug, f"account-{account}", act)


def _acted(slug: str, anchor: str, act: Callable[[Session, Contest, Typed], str]) -> Page | Response:
    """Do it in one transaction; what does not fit is shown on the page, with everything typed."""
    typed = Typed(request.form)
    typed.values["anchor"] = anchor
    try:
        with live.changing(slug) as (db, found):
            said = act(db, found, typed)
            if typed.errors:
                raise Unfit
    except (NotFound, NotPermitted):
        raise
    except (Unfit, ContestError) as error:
        if isinstance(error, ContestError):
            typed.refuse(anchor, error)
        with reading() as db:
            return _page(db, shared.contest_by_slug(db, slug), typed, 422)
    flash(said, "success")
    return redirect(url_for(".people", slug=slug, _anchor=anchor), code=303)


def _add_judge(db: Session, contest: Contest, typed: Typed) -> str:
    name = typed.line("judge-name", most=paneling.LONGEST_NAME, needed=True)
    if typed.errors:
        return ""
    panel = paneling.panel_of(db, contest, typed.values.get("panel") or None)
    sitting = paneling.add_judge(db, contest, panel=panel, name=name, by=actor(), now=live.now())
    return str(_("%(name)s坐第 %(seat)s 席。", name=name, seat=sitting.seat.number))


def _rename(db: Session, contest: Contest, typed: Typed, seat: Seat) -> str:
    sitting = paneling.sitting_of(db, contest, typed.values.get("sitting", ""))
    if sitting.seat_id != seat.id:
        raise NotFound
    name = typed.line(f"{sitting.public_id}-name", most=paneling.LONGEST_NAME, needed=True)
    if not typed.errors:
        paneling.rename_judge(db, contest, sitting=sitting, name=name, by=actor(), now=live.now())
    return str(_("姓名已改为 %(name)s。", name=name))


def _substitute(db: Session, contest: Contest, typed: Typed, seat: Seat) -> str:
    own = f"{seat.public_id}-"
    name = typed.line(f"{own}substitute", most=paneling.LONGEST_NAME, needed=True)
    first = typed.integer(f"{own}first", 2, MOST_ORDER, needed=True)
    round_ = shared.round_of(db, contest, typed.values.get("round", ""))
    if first is not None and not typed.errors:
        paneling.substitute(
            db, contest, seat=seat, round_=round_, first=first, name=name, by=actor(), now=live.now()
        )  # fmt: skip
    said = {"first": first, "seat": seat.number, "name": name}
    return str(_("从第 %(first)s 位出场的选手起，第 %(seat)s 席由%(name)s评分。", **said))


def _absent(db: Session, contest: Contest, typed: Typed, seat: Seat) -> str:
    reason = typed.paragraphs(f"{seat.public_id}-reason", most=500)
    if not reason:
        typed.refuse(f"{seat.public_id}-reason", _("请写明原因，原因会记入台账。"))
    round_ = shared.round_of(db, contest, typed.values.get("round", ""))
    if not seat.sittings:
        raise NotFound
    if not typed.errors:
        paneling.note_absent(
            db, contest, sitting=seat.sittings[-1], round_=round_, reason=reason, by=actor(), now=live.now()
        )  # fmt: skip
    return str(_("已登记第 %(seat)s 席整轮缺席，不再等这一席的分数。", seat=seat.number))


def _present(db: Session, contest: Contest, typed: Typed, seat: Seat) -> str:
    paneling.cancel_absence(db, contest, public_id=typed.values.get("ruling", ""), by=actor(), now=live.now())
    return str(_("第 %(seat)s 席的缺席已取消。", seat=seat.number))


def _remove(db: Session, contest: Contest, _typed: Typed, seat: Seat) -> str:
    number = seat.number
    paneling.remove_seat(db, contest, seat=seat, by=actor(), now=live.now())
    return str(_("第 %(seat)s 席已删除。", seat=number))


SEATS = {"rename": _rename, "substitute": _substitute, "absent": _absent, "present": _present, "remove": _remove}


def _add_staff(db: Session, contest: Contest, typed: Typed) -> str:
    name, username = typed.line("new-name", most=60), typed.line("new-username", most=64, needed=True)
    roles = _roles(typed)
    if not roles:
        typed.refuse("new-roles", _("请至少选一个角色。"))
    if typed.errors:
        return ""
    made = crew.appoint(db, contest, typed, "new-", name, username, roles)
    if made is None:
        return ""
    crew.show_once([made])
    if made.code:
        return str(_("账号已建好，请把一次性登录码当面交给%(name)s。", name=made.account.display_name))
    return str(_("%(name)s已有账号，角色已加上。", name=made.account.display_name))


def _change_staff(db: Session, contest: Contest, typed: Typed, account: Account) -> str:
    me, act, name = db.get_one(Account, current_user.id), typed.values.get("act"), account.display_name
    if act == "code":
        code = appointing.new_code(db, contest, account=account, by=me, now=live.now())
        crew.show_once([appointing.Appointed(account, code)])
        return str(_("新的一次性登录码已生成，旧码作废。"))
    if act in ("disable", "enable"):
        appointing.set_disabled(
            db, contest, account=account, disabled=act == "disable", by=me, now=live.now()
        )  # fmt: skip
        if act == "disable":
            return str(_("%(name)s的账号已停用。", name=name))
        return str(_("%(name)s的账号已恢复。", name=name))
    appointing.set_roles(db, contest, account=account, roles=_roles(typed))
    return str(_("%(name)s的角色已保存。", name=name))


def _roles(typed: Typed) -> list[Role]:
    return [role for role in Role if typed.ticked(f"role-{role.value}")]


def _page(db: Session, contest: Contest, typed: Typed, status: int) -> Page:
    me = db.get_one(Account, current_user.id)
    lines = staff.colleagues(db, contest)
    resettable = appointing.resettable(db, contest, accounts=[each.account.id for each in lines], by=me)
    rules = shared.rules_of(shared.rule_version(db, contest))
    page = render_template(
        "organizer/people.html", contest=contest, typed=typed, panels=staff.panels(db, contest, lang=language()),
        colleagues=lines, roles=tuple(Role), me=me.id, codes=crew.new_codes() if status == 200 else [],
        resettable=resettable, qr_svg=qr.svg, welcome=crew.welcome, card_link=_card_link, only_here=links.only_here(),
        rounds=[(round_, rules.rounds[round_.code].title.in_(language())) for round_ in contest.rounds],
        wanted=max((round_.panel.size or 0 for round_ in rules.rounds.values()), default=0),
    )  # fmt: skip
    return page, status


def _card_link(seat: Seat) -> str:
    return links.on_tablets("judging.card", token=links.card_token(seat))
