"""What is said about the review of registrations and the running order."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from web.sentences.shape import Args, Table
from web.words import shown_time


def _decided(args: Args) -> str:
    who, at = str(args["who"]), args["at"]
    if not who or not isinstance(at, datetime):
        return str(_("这份报名现在不在待审核里，没有做任何改动。请刷新后看最新情况。"))
    said = {"who": who, "time": shown_time(at, str(args["zone"]), "MM-dd HH:mm")}
    if args["state"] == "approved":
        return str(_("%(who)s 已在 %(time)s 通过了这份报名，您的决定没有记入。", **said))
    if args["state"] == "returned":
        return str(_("%(who)s 已在 %(time)s 退回了这份报名，您的决定没有记入。", **said))
    return str(_("这份报名现在不在待审核里，没有做任何改动。请刷新后看最新情况。"))


def _fixed(args: Args) -> str:
    words: dict[str, str] = {
        "begun": _("本轮已经开始评分或有人上过台，出场顺序不能再重排。"),
        "published": _("出场顺序已经公布，不能再手动移动；要改请写明原因重新抽签。"),
        "drawn": _("本轮已经排出出场顺序，名单不能再重定；有人退出请在出场顺序里记弃权。"),
        "on_stage": _("第 %(number)s 号已经上过台，不能再改出场安排。", number=args.get("number", "")),
    }
    return words[str(args["why"])]


def _unranked(args: Args) -> str:
    if args["why"] == "state":
        return str(_("上一轮还没有锁定或封存，名次未定，不能选出晋级名单。"))
    return str(_("按这个名额没有人晋级：名次相同的人超过了名额。请调整名额或选择并列都晋级。"))


SENTENCES: Table = {
    "already_decided": _decided,
    "form_changed": lambda a: _("选手刚刚改过这份报名，您看到的不是最新内容。请重新看过再决定。"),
    "consent_missing": lambda a: _("选手不满 14 周岁，还没有监护人同意，不能通过。请联系监护人完成同意，或退回报名。"),
    "quota_full": lambda a: _(
        "%(delegation)s 的名额已满（%(used)s / %(quota)s）。要多收一位，请写明原因。",
        delegation=a["delegation"], used=a["used"], quota=a["quota"],
    ),
    "nothing_unlocked": lambda a: _("请至少勾选一项让选手修改，否则退回后什么也改不了。"),
    "entry_in_use": lambda a: _("%(number)s 号已经排进出场顺序、签到或获奖，不能撤销通过。", number=a["number"]),
    "deadline_past": lambda a: _("截止时间已经过去，请选一个以后的时间。"),
    "nobody_takes_part": lambda a: _("还没有可以排序的选手。"),
    "panel_missing": lambda a: _("还没有评委组，请先在「评委与人员」里设好评委组。"),
    "order_fixed": _fixed,
    "draw_not_prepared": lambda a: _("请先生成种子承诺，再抽签。可能已有人抽过，请刷新页面。"),
    "already_withdrawn": lambda a: _("第 %(number)s 号已经弃权。", number=a["number"]),
    "already_in_round": lambda a: _("这位选手已经在本轮，是第 %(number)s 号。", number=a["number"]),
    "break_taken": lambda a: _("第 %(after)s 位之后已经有一次休息。", after=a["after"]),
    "not_ranked": _unranked,
    "nobody_left": lambda a: _("名次里已经没有可以递补的选手。"),
}
