"""What the first page of a demo shows: who one may be, where each of them goes, and how the play stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from leaderboard import demo, demo_people, jobs
from settings import Settings
from web import links, signs


@dataclass(frozen=True)
class Door:
    """A role one click away: staff sign in (`role`), everybody else follows an address."""

    title: str
    text: str
    icon: str
    role: str = ""
    address: str = ""


# Where each role works, the first of these pages that exists; all of them know the contest by its slug.
ROOMS: dict[str, tuple[str, ...]] = {
    "organizer": ("organizer.overview", "organizer.contest"), "chief": ("stage.desk",), "scorekeeper": ("stage.desk",),
    "supervisor": ("organizer.contest",), "steward": ("registration.door", "stage.desk"),
    "caller": ("stage.caller", "stage.desk"), "timer": ("stage.desk",), "mc": ("stage.mc", "stage.desk"),
    "operator": ("stage.desk",),
}  # fmt: skip


def room(role: str) -> str:
    """The address where a demo account of this role begins."""
    endpoint = next(each for each in ROOMS[role] if each in current_app.view_functions)
    return url_for(endpoint, slug=demo.SLUG)


def parts() -> dict[str, Any]:
    """The parts of the page. Raises NotFound where there is no demo."""
    settings: Settings = current_app.extensions["lectern_settings"]
    made = demo.found(settings)
    seat = next((each for each in made.seats if each.number == demo.FREE_SEAT), made.seats[0])
    card = url_for("judging.card", token=links.card_token(seat))
    return {
        "staff": _staff(), "guests": _guests(card),
        "screen": url_for("leaderboard.screen", token=links.screen_token(made.screen)),
        "playing": jobs.is_playing(), "left": (signs.seen(jobs.SIGN) or {}).get("left", 0),
    }  # fmt: skip


def _staff() -> list[Door]:
    return [
        Door(_("组委会"), _("总览、报名审核、抽签、奖项、证书"), "building", role="organizer"),
        Door(_("总裁判"), _("控制台、退回评分表、封存"), "shield", role="chief"),
        Door(_("记分员"), _("扣分、核对、发布成绩"), "clipboard", role="scorekeeper"),
        Door(_("检录员"), _("到场、候场、上场"), "users", role="caller"),
        Door(_("计时员"), _("开始、暂停、建议扣分"), "clock", role="timer"),
        Door(_("大屏操作员"), _("预览、切换画面"), "monitor", role="operator"),
        Door(_("主持人"), _("提词卡，没有未公布的分数"), "message", role="mc"),
        Door(_("签到员"), _("扫码、查找、人数"), "qr", role="steward"),
        Door(_("监督组"), _("只看不改：记录和封存"), "eye", role="supervisor"),
    ]


def _guests(card: str) -> list[Door]:
    return [
        Door(_("评委"), _("第 %(seat)s 席的评委卡，入座打分", seat=demo.FREE_SEAT), "tablet", address=card),
        Door(_("观众"), _("手机上看现场和成绩"), "phone", address=f"/live/{demo.SLUG}"),
        Door(_("选手"), _("试着给第九届报一次名"), "user", address=f"/contests/{demo_people.NEXT}"),
        Door(_("比赛页面"), _("日程、规则、结果"), "calendar", address=f"/contests/{demo.SLUG}"),
    ]
