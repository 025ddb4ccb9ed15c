"""What is said about awards and the public notice."""

from __future__ import annotations

from flask_babel import gettext as _

from web.sentences.shape import Args, Table


def _missing(args: Args) -> str:
    if args["why"] == "rules":
        return str(_("规则文件没有为本轮写奖项，请先在比赛设置里写好奖项。"))
    return str(_("还没有授予奖项。请先授予，再公布。"))


def _fixed(args: Args) -> str:
    if args["why"] == "published":
        return str(_("奖项已经公布，不能直接改。请先撤下，再重新授予。"))
    return str(_("这次封存的奖项已经制作证书，不能再改。请重新打开本轮，再次封存后重新授予。"))


SENTENCES: Table = {
    "awards_missing": _missing,
    "awards_fixed": _fixed,
    "standings_moved": lambda a: _("封存之后成绩有过变动，和封存的不一致。请重新打开本轮，核对后再次封存。"),
    "date_refused": lambda a: _("这个时间已经过去，请填写今后的时间。"),
}
