"""What is said about judging, the stage, seals and what every door has."""

from __future__ import annotations

from flask_babel import gettext as _

from contest.models import RoundState
from web.sentences.shape import Args, Table, listed
from web.words import state_word


def _state(args: Args) -> str:
    return state_word(RoundState(str(args["state"])))


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


def _signature(args: Args) -> str:
    words: dict[str, str] = {
        "empty": _("还没有签名。请用手指签名，或键入姓名。"),
        "too_short": _("签名太短，请写完整的姓名。"),
        "too_long": _("签名笔画太多，请清除后重签。"),
        "other_name": _("请键入与席位相同的姓名：%(name)s。", name=args.get("name", "")),
    }
    return words.get(str(args["why"]), str(_("这个签名不能用，请清除后重签。")))


SENTENCES: Table = {
    "not_found": lambda a: _("没有找到，可能已经移走，或您无权查看。"),
    "not_permitted": lambda a: _("您当前的身份不能做这件事，没有做任何改动。"),
    "card_revoked": lambda a: _("这张评委卡已停用，请向工作人员领取新卡。"),
    "lease_unknown": lambda a: _("这台设备还没有入座，请扫描评委卡。"),
    "malformed": lambda a: _("送来的内容格式不对（%(what)s），没有做任何改动。", what=a.get("what", "")),
    "too_many_messages": lambda a: _("这台设备的评委卡已停用，留存的内容已达上限，请联系工作人员。"),
    "step_not_allowed": lambda a: _("本轮现在是「%(state)s」，不能这样操作，请刷新页面。", state=_state(a)),
    "round_not_judging": lambda a: _("本轮现在是「%(state)s」，评分中才能这样操作。", state=_state(a)),
    "sheets_missing": lambda a: _("还差第 %(seats)s 席没有提交，交齐后才能发布。", seats=listed(a["seats"])),
    "strays_undecided": lambda a: _("还有 %(count)s 条待定评分没有处理，请总裁判先处理。", count=a["count"]),
    "not_released": lambda a: _("这个成绩还没有发布，不需要撤回。"),
    "already_released": lambda a: _("成绩已经发布。要修改，请先撤回发布。"),
    "appearances_held": lambda a: _(
        "第 %(numbers)s 号的成绩还没有发布，全部发布后才能封存。", numbers=listed(a["numbers"])
    ),
    "reason_missing": lambda a: _("请写明原因，原因会记入台账。"),
    "second_person_needed": lambda a: _("提出和确认必须是两个人，请另一位负责人登录后确认。"),
    "nothing_proposed": lambda a: _("没有等待确认的申请，可能已被撤回，请刷新页面。"),
    "already_proposed": lambda a: _("已经有人提出，请另一位负责人确认，或先撤回。"),
    "adjustment_refused": _adjustment,
    "name_taken": lambda a: _("「%(name)s」已经有了，请换一个。", name=a["name"]),
    "sheet_not_submitted": lambda a: _("这一席还没有提交，不需要退回。"),
    "stray_unusable": lambda a: _("这条待定评分不能采用：评分不完整、超出范围，或该评委不评这位选手。请改为不采用。"),
    "signing_closed": lambda a: _("本轮现在是「%(state)s」，评分开始后到公布前可以签名。", state=_state(a)),
    "sheets_not_in": lambda a: _("第 %(numbers)s 号还没有提交，全部提交后再签名。", numbers=listed(a["numbers"])),
    "sheets_changed": lambda a: _("您的评分在打开本页后有变动，没有签名。请核对新的清单后再签。"),
    "signature_refused": _signature,
    "rules_unusable": lambda a: _("规则文件不能用：%(detail)s", detail=a["detail"]),
}
