"""What a row of the ledger changed, in words: before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from contest.changes import Change
from contest.models import ReleaseMode, RoundState, RulingKind, StrayDecision
from contest.replaced import Part
from contest.rules import NO_AWARD, RoundRules, Rules
from web import fields
from web.changes import signed
from web.words import language, mode_word, ruling_word, state_word

# A long order is told by its beginning; the whole of it is in the ledger and in the export.
MOST_IN_ORDER = 60


def before_after(change: Change, rules: Rules) -> list[tuple[str, str, str]]:
    """What changed as (what it is, before, after); "—" is nothing. Hidden marks are said to be hidden."""
    told = [line for part in change.parts for line in _told(part, change, rules)]
    if change.hidden:
        told.insert(0, (_("各项分数"), "", _("成绩发布后才显示")))
    if change.purged:
        told.append((_("内容"), "", _("已按规定删除，只留摘要")))
    return [(what, before or "—", after or "—") for what, before, after in told]


def _told(part: Part, change: Change, rules: Rules) -> list[tuple[str, str, str]]:
    own = _rules_of(change, rules)
    if part.what in ("marks", "waiting"):
        title = _("各项分数") if part.what == "marks" else _("待定的分数")
        return [(title, _marks(part.before, own), _marks(part.after, own))]
    if part.what.startswith("words."):
        return [(_label(part.what[6:]), part.before or "", part.after or "")]
    if part.what == "awards":
        return [(_("奖项"), _awards(part.before, rules), _awards(part.after, rules))]
    say = _sayings(own, rules).get(part.what)
    if say is None:
        return []
    title, word = say
    before, after = ("" if each is None else word(each) for each in (part.before, part.after))
    return [(title(), before, after)]


def _sayings(own: RoundRules | None, rules: Rules) -> dict[str, tuple[Callable[[], str], Callable[[Any], str]]]:
    return {
        "state": (lambda: _("轮次状态"), lambda state: state_word(RoundState(state))),
        "rules": (lambda: _("评分规则"), lambda number: _("第 %(number)s 版", number=number)),
        "seal": (lambda: _("封存"), lambda number: _("第 %(number)s 次封存", number=number)),
        "card": (lambda: _("评委卡"), lambda number: _("第 %(number)s 张", number=number)),
        "version": (lambda: _("证书"), lambda number: _("第 %(number)s 版", number=number)),
        "position": (lambda: _("出场位次"), lambda number: _("第 %(number)s 位", number=number)),
        "rows": (lambda: _("行数"), str),
        "address": (lambda: _("服务器地址"), str),
        "order": (lambda: _("出场顺序"), _order),
        "draw": (lambda: _("承诺值"), lambda payload: str(payload["commitment"])),
        "value": (lambda: _("记录"), lambda payload: _value(payload, own)),
        "ruling": (lambda: _("裁定"), lambda payload: _ruling(payload, own, rules)),
        "proposed": (lambda: _("提出"), lambda payload: _ruling(payload, own, rules)),
        "stray": (lambda: _("待定评分"), lambda decision: _("采用") if decision == StrayDecision.ACCEPTED.value
                  else _("不采用")),
        "released": (lambda: _("成绩"), lambda out: _("已发布") if out else _("未发布")),
        "published": (lambda: _("奖项公布"), lambda out: _("已公布") if out else _("未公布")),
        "checked_in": (lambda: _("签到"), lambda there: _("已签到") if there else _("未签到")),
        "alone": (lambda: _("单人办公"), lambda alone: _("打开") if alone else _("关闭")),
        "mode": (lambda: _("成绩公布方式"), lambda mode: mode_word(ReleaseMode(mode))),
        "press": (lambda: _("计时"), lambda payload: _("开始") if payload["act"] == "start" else _("停表")),
    }  # fmt: skip


def _rules_of(change: Change, rules: Rules) -> RoundRules | None:
    code = change.round.code if change.round is not None else str(change.payload.get("round", ""))
    return rules.rounds.get(code)


def _marks(marks: Mapping[str, str] | None, own: RoundRules | None) -> str:
    if marks is None:
        return ""
    titles = {each.id: each.title.in_(language()) for each in own.criteria} if own is not None else {}
    known = [key for key in titles if key in marks] + sorted(key for key in marks if key not in titles)
    return str(_("，")).join(f"{titles.get(key, key)} {marks[key]}" for key in known)


def _value(payload: Mapping[str, Any], own: RoundRules | None) -> str:
    titles = {each.id: each.title.in_(language()) for each in own.adjustments} if own is not None else {}
    return f"{titles.get(payload['kind'], payload['kind'])} {signed(str(payload['value']))}"


def _ruling(payload: Mapping[str, Any], own: RoundRules | None, rules: Rules) -> str:
    if "kind" not in payload:
        return str(_("一项裁定"))
    titles = {each.id: each.title.in_(language()) for each in own.criteria} if own is not None else {}
    criterion = payload.get("criterion")
    value = str(payload.get("value") or "")
    if payload.get("act") == "override" and not value:
        value = _("撤销裁定，按计算结果")
    elif payload["kind"] == RulingKind.AWARD.value:
        awards = {award.id: award.title.in_(language()) for award in rules.awards} | {NO_AWARD: _("不授奖")}
        value = awards.get(value, value)
    said = [ruling_word(str(payload["kind"])), titles.get(str(criterion), criterion) if criterion else "", value]
    return " ".join(part for part in said if part)


def _order(codes: list[str]) -> str:
    shown = " ".join(codes[:MOST_IN_ORDER])
    return shown if len(codes) <= MOST_IN_ORDER else f"{shown} … ({len(codes)})"


def _awards(counts: Mapping[str, int] | None, rules: Rules) -> str:
    titles = {award.id: award.title.in_(language()) for award in rules.awards}
    return str(_("，")).join(f"{titles.get(code, code)} {count}" for code, count in (counts or {}).items())


def _label(name: str) -> str:
    labels = {
        "judge": _("评委"), "names": _("姓名"), "work": _("作品"), "teachers": _("指导教师"), "award": _("奖项"),
    }  # fmt: skip
    return labels.get(name) or fields.label(name)
