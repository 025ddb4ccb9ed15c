"""The organizer's side menu: which rooms a contest has, in which order, and which of them this account may enter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, g
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.models import Contest, Duty, Membership
from web.db import reading
from web.roles import may


@dataclass(frozen=True)
class Room:
    """A line of the menu: the page it opens, its word and its icon."""

    endpoint: str
    title: LazyString
    icon: str


MENU: tuple[tuple[LazyString | None, tuple[Room, ...]], ...] = (
    (None, (Room("organizer.overview", _("总览"), "home"),)),
    (_("比赛准备"), (
        Room("organizer.entries", _("报名与审核"), "clipboard"),
        Room("organizer.people", _("评委与人员"), "users"),
        Room("organizer.rubric", _("评分规则"), "ruler"),
        Room("organizer.setup", _("比赛设置"), "edit"),
        Room("organizer.order", _("抽签与出场"), "calendar"),
    )),
    (_("比赛日"), (
        Room("stage.desk", _("控制台"), "sliders"),
        Room("stage.caller", _("检录"), "bell"),
        Room("stage.mc", _("主持卡"), "message"),
        Room("registration.door", _("签到"), "qr"),
        Room("organizer.paper_marks", _("纸质评分"), "edit"),
        Room("organizer.results", _("成绩核对"), "bars"),
        Room("organizer.contest", _("轮次与封存"), "lock"),
        Room("organizer.audit", _("操作记录"), "list"),
    )),
    (_("赛后"), (
        Room("organizer.awards", _("奖项与公示"), "flag"),
        Room("certificates.desk", _("证书"), "medal"),
        Room("organizer.papers", _("打印"), "printer"),
        Room("organizer.tables", _("表格导入导出"), "file"),
    )),
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Give the templates the menu."""
    app.jinja_env.globals.update(menu=menu, my_contests=my_contests)


def menu() -> Iterator[tuple[LazyString | None, list[Room]]]:
    """The groups of the menu with the rooms this account may enter in the contest of this request."""
    for title, rooms in MENU:
        open_ = [room for room in rooms if may(room.endpoint)]
        if open_:
            yield title, open_


def my_contests() -> list[Contest]:
    """The contests this account has a part in, the newest first, for the switch above the menu."""
    if "my_contests" not in g:
        with reading() as db:
            owned = select(Membership.organization_id).where(Membership.account_id == current_user.id)
            duties = select(Duty.contest_id).where(Duty.account_id == current_user.id)
            g.my_contests = db.scalars(
                select(Contest).where(Contest.organization_id.in_(owned) | Contest.id.in_(duties))
                .order_by(Contest.created_at.desc(), Contest.id.desc()).options(joinedload(Contest.organization))
            ).all()  # fmt: skip
    return list(g.my_contests)
