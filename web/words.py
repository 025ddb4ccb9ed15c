"""Languages: which one a page speaks, and the words for states and times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, format_datetime
from flask_babel import gettext as _

from contest.models import Role, RoundState

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
    app.jinja_env.globals["state_word"] = state_word
    app.jinja_env.globals["role_word"] = role_word
    app.jinja_env.filters["at"] = shown_time


def shown_time(at: datetime, zone: str | None = None, form: str = "yyyy-MM-dd HH:mm:ss") -> str:
    """An instant in the contest's time zone."""
    local = at.astimezone(ZoneInfo(zone or current_app.config["TIME_ZONE"]))
    return str(format_datetime(local, form, rebase=False))


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
