"""What is said about changing the rules of a contest that is being judged."""

from __future__ import annotations

from flask_babel import gettext as _

from contest.rules import Text
from web.sentences.shape import Args, Table, listed
from web.words import language


def _unfit(args: Args) -> str:
    said = {key: value.in_(language()) if isinstance(value, Text) else value for key, value in args.items()}
    what = args["what"]
    if what in ("mark", "value"):
        return _outside(str(what), str(args["why"]), said)
    words: dict[object, str] = {
        "round": _("「%(round)s」已经排了出场顺序或做过裁定、封存，新规则里要保留这一轮。", **_of(said, "round")),
        "division": _("「%(division)s」有 %(count)s 个参赛项目，新规则里要保留这个组别。",
                      **_of(said, "division", "count")),
        "criterion": _("%(round)s的「%(name)s」已经打了 %(count)s 个分，新规则里要保留这一项。",
                       **_of(said, "round", "name", "count")),
        "nature": _("%(round)s的「%(name)s」已经打了 %(count)s 个分，不能改成另一种评分方式。",
                    **_of(said, "round", "name", "count")),
        "kind": _("%(round)s的「%(name)s」已经记了 %(count)s 次，新规则里要保留这一项。",
                  **_of(said, "round", "name", "count")),
        "factor": _("%(round)s第 %(number)s 号的「%(name)s」记了不止一次，新规则里它只能记一次。",
                    **_of(said, "round", "number", "name")),
        "zero": _("%(round)s有人的「%(name)s」被判零分，新规则里要保留这一项。", **_of(said, "round", "name")),
        "clock": _("第 %(number)s 号正在计时，新规则里没有这一段。请先停表。", **_of(said, "number")),
    }  # fmt: skip
    return str(words[what])


def _outside(what: str, why: str, said: Args) -> str:
    known = _of(said, "round", "number", "name", "value", "limit")
    if what == "mark":
        known |= _of(said, "seat")
        words: dict[str, str] = {
            "above_max": _(
                "%(round)s第 %(number)s 号，第 %(seat)s 席「%(name)s」%(value)s 分，高于新的满分 %(limit)s。", **known
            ),
            "below_min": _(
                "%(round)s第 %(number)s 号，第 %(seat)s 席「%(name)s」%(value)s 分，低于新的最低分 %(limit)s。", **known
            ),
            "no_level": _(
                "%(round)s第 %(number)s 号，第 %(seat)s 席「%(name)s」%(value)s，不在新的等级里。", **known
            ),
            "off_step": _(
                "%(round)s第 %(number)s 号，第 %(seat)s 席「%(name)s」%(value)s 分，不合新的刻度 %(limit)s。", **known
            ),
        }  # fmt: skip
        return str(words[why])
    words = {
        "above_max": _("%(round)s第 %(number)s 号的「%(name)s」记了 %(value)s，高于新的上限 %(limit)s。", **known),
        "below_min": _("%(round)s第 %(number)s 号的「%(name)s」记了 %(value)s，低于新的下限 %(limit)s。", **known),
        "off_step": _("%(round)s第 %(number)s 号的「%(name)s」记了 %(value)s，不合新的刻度 %(limit)s。", **known),
    }
    return str(words[why])


def _of(args: Args, *names: str) -> Args:
    return {name: args.get(name, "") for name in names}


def _sealed(args: Args) -> str:
    rounds = args["rounds"]
    titles = [each.in_(language()) for each in rounds if isinstance(each, Text)] if isinstance(rounds, list) else []
    return str(_(
        "「%(rounds)s」已经封存，新规则会改变它的结果。请先写明原因、重新打开，再修改规则。", rounds=listed(titles)
    ))  # fmt: skip


SENTENCES: Table = {
    "rules_unfit": _unfit,
    "rules_same": lambda a: _("这份规则和现行规则完全相同，没有要改的。"),
    "rules_moved": lambda a: _(
        "提出之后，第 %(number)s 版规则已经启用，这份修改不再适用。请撤回后重新提出。", number=a["number"]
    ),
    "rounds_sealed": _sealed,
    "override_not_now": lambda a: (
        _("本轮已经封存。请先写明原因、重新打开，再作裁定。") if a["state"] in ("sealed", "published")
        else _("本轮还没有锁定。评分都到齐、锁定之后才能裁定名次或奖项。")
    ),
}
