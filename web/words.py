"""Languages: which one a page speaks, and the words for states and times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, format_datetime
from flask_babel import gettext as _

from contest.models import AppearanceStatus, Contest, ReleaseMode, Role, RoundState, RulingKind, Scene
from contest.rules import Status, say_status

LANGUAGES = {"zh": "zh_CN", "en": "en"}
COOKIE = "language"


def language() -> str:
    """The page's language: ?lang= for this view, else what was chosen, else Chinese."""
    if not has_request_context():
        return "zh"
    for choice in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if choice is not None and choice in LANGUAGES:
            return str(choice)
    return "zh"


def init_app(app: Flask) -> None:
    """Give pages their language, `lang` and the words for states and times."""
    folder = app.config["TRANSLATIONS"]
    Babel(app, locale_selector=lambda: LANGUAGES[language()], default_translation_directories=folder)
    app.context_processor(lambda: {"lang": language()})
    app.jinja_env.globals |= {
        "state_word": state_word, "scene_word": scene_word, "status_word": status_word, "mode_word": mode_word,
        "role_word": role_word, "ruling_word": ruling_word, "title_of": title_of, "standing_words": standing_words,
    }  # fmt: skip
    app.jinja_env.filters["at"] = shown_time


def shown_time(at: datetime, zone: str | None = None, form: str = "yyyy-MM-dd HH:mm:ss") -> str:
    """An instant in the contest's time zone."""
    local = at.astimezone(ZoneInfo(zone or current_app.config["TIME_ZONE"]))
    return str(format_datetime(local, form, rebase=False))


def title_of(contest: Contest) -> str:
    """A contest's title in the page's language, where it has one."""
    return (contest.title_en or contest.title) if language() == "en" else contest.title


def state_word(state: RoundState) -> str:
    """A round's state as people say it."""
    words: dict[RoundState, str] = {
        RoundState.DRAFT: _("筹备中"),
        RoundState.OPEN: _("已就绪"),
        RoundState.JUDGING: _("评分中"),
        RoundState.LOCKED: _("已锁定"),
        RoundState.SEALED: _("已封存"),
        RoundState.PUBLISHED: _("已公布"),
    }
    return words[state]


def role_word(role: Role) -> str:
    """What an account does in a contest, as people call it."""
    words: dict[Role, str] = {
        Role.ORGANIZER: _("组委会"),
        Role.CHIEF: _("总裁判"),
        Role.SCOREKEEPER: _("记分员"),
        Role.SUPERVISOR: _("监督组"),
        Role.STEWARD: _("签到员"),
        Role.CALLER: _("检录员"),
        Role.TIMER: _("计时员"),
        Role.MC: _("主持人"),
        Role.OPERATOR: _("大屏操作员"),
    }
    return words[role]


def ruling_word(kind: str) -> str:
    """A kind of ruling as the minutes call it; the code itself where it is none of ours."""
    words: dict[RulingKind, str] = {
        RulingKind.ZERO: _("判零分"), RulingKind.VOID: _("评分作废"), RulingKind.RECUSED: _("回避"),
        RulingKind.ABSENT: _("缺席"), RulingKind.WITHDRAWN: _("弃权"), RulingKind.DISQUALIFIED: _("取消资格"),
        RulingKind.LOT: _("抽签定名次"), RulingKind.PLACE: _("裁定名次"), RulingKind.AWARD: _("裁定奖项"),
        RulingKind.ADVANCE: _("晋级"),
    }  # fmt: skip
    return words[RulingKind(kind)] if kind in {each.value for each in RulingKind} else kind


def scene_word(scene: Scene) -> str:
    """A scene of the big screen as the desk calls it."""
    words: dict[Scene, str] = {
        Scene.WAITING: _("等候"), Scene.CONTESTANT: _("选手"), Scene.TIMER: _("计时"), Scene.DOTS: _("评分席"),
        Scene.SCORE: _("亮分"), Scene.RANKING: _("排名"), Scene.MESSAGE: _("文字"), Scene.PAUSE: _("技术暂停"),
        Scene.BLACK: _("黑场"),
    }  # fmt: skip
    return words[scene]


def status_word(status: AppearanceStatus) -> str:
    """How far a contestant is on the way to the stage."""
    words: dict[AppearanceStatus, str] = {
        AppearanceStatus.WAITING: _("未到"), AppearanceStatus.ARRIVED: _("到场"), AppearanceStatus.STANDBY: _("候场"),
        AppearanceStatus.ON_STAGE: _("台上"), AppearanceStatus.DONE: _("已上台"),
    }  # fmt: skip
    return words[status]


def standing_words() -> dict[str, str]:
    """Why an entry is outside the ranking, in the words of every explanation; `other` where nothing is said."""
    return {status.value: say_status(status, language()) for status in Status} | {"other": _("不计名次")}


def mode_word(mode: ReleaseMode) -> str:
    """When a contest says its scores."""
    words: dict[ReleaseMode, str] = {
        ReleaseMode.IMMEDIATE: _("即时公布"), ReleaseMode.LAG_1: _("缓一位公布"), ReleaseMode.HELD: _("颁奖时公布"),
    }  # fmt: skip
    return words[mode]
