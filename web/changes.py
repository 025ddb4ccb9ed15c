"""What the ledger's rows say in sentences, and who did it: the desk's log and the record read it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from contest.changes import Change, Named
from contest.models import Action, RoundState
from contest.rules import Rules
from web.words import language, role_word, ruling_word, state_word

KINDS: dict[str, tuple[Action, ...]] = {
    "marks": (
        Action.SHEET_SUBMITTED, Action.SHEET_RETURNED, Action.SHEET_CORRECTED, Action.MESSAGE_STRAYED,
        Action.STRAY_DECIDED, Action.SHEETS_SIGNED,
    ),
    "findings": (
        Action.ADJUSTED, Action.ADJUSTMENT_CANCELLED, Action.RULED, Action.RULING_CANCELLED, Action.CLOCK_PRESSED,
        Action.CLOCK_UNDONE,
    ),
    "release": (Action.RELEASED, Action.RELEASE_WITHDRAWN),
    "rounds": (
        Action.ROUND_MOVED, Action.ROUND_SEALED, Action.ROUND_REOPENED, Action.APPROVAL_PROPOSED,
        Action.APPROVAL_WITHDRAWN,
    ),
    "rules": (Action.CONTEST_IMPORTED, Action.RULES_ADOPTED, Action.OFFICE_CHANGED, Action.ADDRESS_CHANGED),
    "panel": (Action.PANEL_CHANGED, Action.SEAT_TAKEN, Action.CARD_REVOKED),
    "order": (Action.ORDER_DRAWN, Action.ORDER_CHANGED, Action.ENTRIES_ADVANCED),
    "entries": (
        Action.ENTRY_ACCEPTED, Action.ENTRY_CORRECTED, Action.ROWS_IMPORTED, Action.IMPORT_UNDONE, Action.CHECKED_IN,
        Action.CHECK_IN_UNDONE,
    ),
    "awards": (
        Action.AWARDS_GIVEN, Action.AWARDS_PUBLISHED, Action.AWARDS_HIDDEN, Action.CERTIFICATE_ISSUED,
        Action.CERTIFICATE_CORRECTED, Action.CERTIFICATE_REVOKED,
    ),
}  # fmt: skip


def kind_words() -> dict[str, str]:
    """The kinds of change as the record's filter calls them."""
    return {
        "marks": _("评分"), "findings": _("加减分与裁定"), "release": _("亮分与撤回"), "rounds": _("轮次与封存"),
        "rules": _("规则与设置"), "panel": _("评委席"), "order": _("顺序与晋级"), "entries": _("选手与签到"),
        "awards": _("奖项与证书"),
    }  # fmt: skip


def round_title(rules: Rules, code: str) -> str:
    """A round's title in the page's language; its code where the rules no longer have it."""
    return str(rules.rounds[code].title.in_(language())) if code in rules.rounds else code


def who(actor: str, named: Named) -> str:
    """Who acted, by name with seat or roles."""
    kind, _sep, public_id = actor.partition(":")
    if kind == "sitting" and public_id in named.sittings:
        sitting = named.sittings[public_id]
        return str(_("第 %(seat)s 席 %(judge)s", seat=sitting.seat.number, judge=sitting.person.name))
    if kind == "account" and public_id in named.accounts:
        return named.accounts[public_id].display_name
    return str(_("系统") if kind == "system" else _("已删除的账号"))


def offices(actor: str, named: Named) -> str:
    """What the one who acted is in the contest: 评委, or the roles of the account."""
    kind, _sep, public_id = actor.partition(":")
    if kind == "sitting":
        return str(_("评委"))
    return str(_("、")).join(role_word(role) for role in dict.fromkeys(named.duties.get(public_id, [])))


def sentence(change: Change, rules: Rules) -> str:
    """What a row did, without any mark: 第 05 号评分已提交."""
    payload: Mapping[str, Any] = change.payload
    number = change.appearance.number if change.appearance is not None else ""
    seat = str(change.seat.number) if change.seat is not None else str(payload.get("number", ""))
    round_ = round_title(rules, change.round.code) if change.round is not None else ""
    entry = _entry(change)
    about_rules = payload.get("act") == "rules"
    words: dict[Action, Callable[[], str]] = {
        Action.CONTEST_IMPORTED: lambda: _("导入比赛数据"),
        Action.RULES_ADOPTED: lambda: _("启用第 %(number)s 版评分规则", number=payload.get("number", "")),
        Action.ROUND_MOVED: lambda: _("%(round)s转为「%(state)s」", round=round_, state=_state(payload.get("to"))),
        Action.SHEET_SUBMITTED: lambda: _("第 %(number)s 号纸质评分已录入", number=number) if change.on_paper
        else _("第 %(number)s 号评分已提交", number=number),
        Action.SHEET_RETURNED: lambda: _("退回第 %(number)s 号的一张评分表", number=number),
        Action.SHEET_CORRECTED: lambda: _("更正第 %(number)s 号的一张评分表", number=number),
        Action.MESSAGE_STRAYED: lambda: _("第 %(number)s 号收到一条待定评分", number=number),
        Action.STRAY_DECIDED: lambda: _("第 %(number)s 号的待定评分已处理", number=number),
        Action.CARD_REVOKED: lambda: _("停用第 %(seat)s 席的评委卡", seat=seat),
        Action.SEAT_TAKEN: lambda: _("第 %(seat)s 席入座", seat=seat),
        Action.ADJUSTED: lambda: _(
            "第 %(number)s 号记 %(value)s", number=number, value=signed(str(payload.get("value", "")))
        ),
        Action.ADJUSTMENT_CANCELLED: lambda: _("撤销第 %(number)s 号的一项记录", number=number),
        Action.RULED: lambda: _ruled(change),
        Action.RULING_CANCELLED: lambda: _("撤销一项裁定"),
        Action.RELEASED: lambda: _("发布第 %(number)s 号成绩", number=number),
        Action.RELEASE_WITHDRAWN: lambda: _("撤回第 %(number)s 号成绩", number=number),
        Action.APPROVAL_PROPOSED: lambda: _("提出修改评分规则") if about_rules else _proposed(payload, round_),
        Action.APPROVAL_WITHDRAWN: lambda: _taken_back(payload, round_),
        Action.ROUND_SEALED: lambda: _("%(round)s已封存", round=round_),
        Action.ROUND_REOPENED: lambda: _("%(round)s重新打开", round=round_),
        Action.CLOCK_PRESSED: lambda: _("第 %(number)s 号开始计时", number=number) if payload.get("act") == "start"
        else _("第 %(number)s 号停表", number=number),
        Action.CLOCK_UNDONE: lambda: _("撤销第 %(number)s 号的一次按表", number=number),
        Action.ENTRY_ACCEPTED: lambda: _("接受报名：%(entry)s", entry=entry) if entry else _("接受一项报名"),
        Action.ENTRY_CORRECTED: lambda: _("撤回接受：%(code)s", code=payload["taken_back"]) if "taken_back" in payload
        else _("更正参赛信息：%(entry)s", entry=entry) if entry else _("更正一项参赛信息"),
        Action.ROWS_IMPORTED: lambda: _("导入一份表格"),
        Action.IMPORT_UNDONE: lambda: _("撤销一次导入"),
        Action.CHECKED_IN: lambda: _("%(entry)s 签到", entry=entry) if entry else _("一位选手签到"),
        Action.CHECK_IN_UNDONE: lambda: _("撤销 %(entry)s 的签到", entry=entry) if entry else _("撤销一次签到"),
        Action.ORDER_DRAWN: lambda: _("公布抽签承诺") if payload.get("step") == "committed" else _("抽签排定出场顺序"),
        Action.ORDER_CHANGED: lambda: _reordered(payload),
        Action.ENTRIES_ADVANCED: lambda: _advanced(payload),
        Action.PANEL_CHANGED: lambda: _panel(payload, seat),
        Action.OFFICE_CHANGED: lambda: _office(payload),
        Action.AWARDS_GIVEN: lambda: _("评定奖项"),
        Action.AWARDS_PUBLISHED: lambda: _("奖项已公布"),
        Action.AWARDS_HIDDEN: lambda: _("奖项公布已撤下"),
        Action.CERTIFICATE_ISSUED: lambda: _("签发证书"),
        Action.CERTIFICATE_CORRECTED: lambda: _("更正证书"),
        Action.CERTIFICATE_REVOKED: lambda: _("撤销证书"),
        Action.ADDRESS_CHANGED: lambda: _("评分中改了服务器地址"),
        Action.SHEETS_SIGNED: lambda: _(
            "%(round)s：评委签名确认自己的 %(count)s 份评分", round=round_, count=payload.get("count", "")
        ),
    }
    return str(words.get(change.action, lambda: change.action.value)())


def signed(value: str) -> str:
    """A value as it is taken off or added: −1, +2."""
    return f"−{value[1:]}" if value.startswith("-") else f"+{value}"


def _entry(change: Change) -> str:
    if change.entry is None:
        return ""
    return " ".join(part for part in (change.entry.code, change.entry.name) if part)


def _state(state: object) -> str:
    return state_word(RoundState(state)) if state else ""


def _ruled(change: Change) -> str:
    kind = change.payload.get("kind")
    return str(_("裁定：%(kind)s", kind=ruling_word(str(kind))) if kind else _("记录一项裁定"))


def _proposed(payload: Mapping[str, Any], round_: str) -> str:
    acts = {"seal": _("%(round)s：提出封存", round=round_), "reopen": _("%(round)s：提出重新打开", round=round_),
            "override": _("%(round)s：提出裁定名次或奖项", round=round_)}
    return str(acts.get(str(payload.get("act")), _("%(round)s：提出双人确认", round=round_)))


def _taken_back(payload: Mapping[str, Any], round_: str) -> str:
    acts = {"rules": _("撤回修改评分规则"), "override": _("撤回裁定名次或奖项的申请")}
    return str(acts.get(str(payload.get("act")), _("%(round)s：撤回双人确认", round=round_)))


def _reordered(payload: Mapping[str, Any]) -> str:
    acts = {
        "arranged": _("手动排定出场顺序"), "published": _("公布出场顺序"), "to_end": _("移到最后出场"),
        "late": _("补入出场顺序"),
    }  # fmt: skip
    return str(acts.get(str(payload.get("change")), _("调整出场顺序")))


def _advanced(payload: Mapping[str, Any]) -> str:
    if "entries" not in payload:
        return str(_("递补晋级"))
    count = len(payload["entries"])
    return str(ngettext("确定晋级名单，%(num)s 名", "确定晋级名单，%(num)s 名", count))


def _panel(payload: Mapping[str, Any], seat: str) -> str:
    acts = {
        "added": _("第 %(seat)s 席增加评委", seat=seat), "renamed": _("第 %(seat)s 席评委改名", seat=seat),
        "removed": _("撤去第 %(seat)s 席", seat=seat),
        "substitute": _("第 %(seat)s 席自第 %(first)s 位起换人", seat=seat, first=payload.get("first", "")),
    }  # fmt: skip
    return str(acts.get(str(payload.get("what")), _("调整评委席")))


def _office(payload: Mapping[str, Any]) -> str:
    if "mode" in payload:
        return str(_("修改成绩公布方式"))
    if "one_person" in payload:
        return str(_("打开单人办公") if payload["one_person"] else _("关闭单人办公"))
    return str(_("修改比赛设置"))
