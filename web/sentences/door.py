"""What is said at the door and about paper."""

from __future__ import annotations

from flask_babel import gettext as _

from web.sentences.shape import Args, Table, listed


def _not_expected(args: Args) -> str:
    if args.get("why") == "elsewhere":
        return str(_("这位选手不在本轮名单里，没有签到。请与组委会核对。"))
    return str(_("这位选手已退赛或被取消资格，没有签到。请与组委会核对。"))


SENTENCES: Table = {
    "not_expected": _not_expected,
    "paper_too_early": lambda a: _(
        "第 %(numbers)s 号的成绩还没有发布，全部发布后才能打印汇总表。", numbers=listed(a["numbers"])
    ),
}
