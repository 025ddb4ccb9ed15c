"""Languages: which one a page speaks, and the sentences of the domain's codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, format_datetime
from flask_babel import gettext as _

from contest.errors import ContestError
from contest.models import RoundState

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


def sentence(error: ContestError) -> str:
    """What a domain error says: what happened, and what to do."""
    say = _SENTENCES.get(error.code)
    return say(error.args_) if say else _("现在不能这样做，没有做任何改动。")


Args = dict[str, object]


def _state(args: Args) -> str:
    return state_word(RoundState(str(args["state"])))


def _numbers(values: object) -> str:
    return _("、").join(str(value) for value in values) if isinstance(values, list) else str(values)


def _adjustment(args: Args) -> str:
    limit = str(args.get("limit", ""))
    words: dict[str, str] = {
        "kind_unknown": _("规则里没有这一项扣分，请刷新页面后重选。"),
        "not_a_number": _("请填写数字，例如 -2。"),
        "below_min": _("这一项最小为 %(limit)s，请改小扣分。", limit=limit),
        "above_max": _("这一项最大为 %(limit)s，请修改。", limit=limit),
        "off_step": _("这一项以 %(limit)s 为一档，请修改。", limit=limit),
    }
    return words.get(str(args["why"]), str(_("这个数值不能用，请修改。")))


_SENTENCES: dict[str, Callable[[Args], str]] = {
    "not_found": lambda a: _("没有找到，可能已经移走，或您无权查看。"),
    "not_permitted": lambda a: _("您当前的身份不能做这件事，没有做任何改动。"),
    "card_revoked": lambda a: _("这张评委卡已停用，请向工作人员领取新卡。"),
    "lease_unknown": lambda a: _("这台设备还没有入座，请扫描评委卡。"),
    "malformed": lambda a: _("送来的内容格式不对（%(what)s），没有做任何改动。", what=a.get("what", "")),
    "too_many_messages": lambda a: _("这台设备的评委卡已停用，留存的内容已达上限，请联系工作人员。"),
    "step_not_allowed": lambda a: _("本轮现在是「%(state)s」，不能这样操作，请刷新页面。", state=_state(a)),
    "round_not_judging": lambda a: _("本轮现在是「%(state)s」，评分中才能这样操作。", state=_state(a)),
    "sheets_missing": lambda a: _("还差第 %(seats)s 席没有提交，交齐后才能发布。", seats=_numbers(a["seats"])),
    "strays_undecided": lambda a: _("还有 %(count)s 条待定评分没有处理，请总裁判先处理。", count=a["count"]),
    "not_released": lambda a: _("这个成绩还没有发布，不需要撤回。"),
    "already_released": lambda a: _("成绩已经发布。要修改，请先撤回发布。"),
    "appearances_held": lambda a: _(
        "第 %(numbers)s 号的成绩还没有发布，全部发布后才能封存。", numbers=_numbers(a["numbers"])
    ),
    "reason_missing": lambda a: _("请写明原因，原因会记入台账。"),
    "second_person_needed": lambda a: _("提出和确认必须是两个人，请另一位负责人登录后确认。"),
    "nothing_proposed": lambda a: _("没有等待确认的申请，可能已被撤回，请刷新页面。"),
    "already_proposed": lambda a: _("已经有人提出，请另一位负责人确认，或先撤回。"),
    "adjustment_refused": _adjustment,
    "name_taken": lambda a: _("「%(name)s」已经有了，请换一个。", name=a["name"]),
    "sheet_not_submitted": lambda a: _("这一席还没有提交，不需要退回。"),
    "stray_unusable": lambda a: _("这条待定评分不能采用：评分不完整、超出范围，或该评委不评这位选手。请改为不采用。"),
    "rules_unusable": lambda a: _("规则文件不能用：%(detail)s", detail=a["detail"]),
}
