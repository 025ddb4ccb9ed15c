"""What is said about setting a contest up: its rules, its seats, its people."""

from __future__ import annotations

from flask_babel import gettext as _

from web.sentences.shape import Args, Table


def _draft_moved(a: Args) -> str:
    if a["who"] is None:
        return str(_("这份草稿已经启用或被丢弃，请刷新页面。您刚才的修改没有保存，也没有覆盖别人的。"))
    return str(_("%(who)s 刚才也改了这份草稿，请刷新页面再改。您刚才的修改没有保存，也没有覆盖别人的。", who=a["who"]))


SENTENCES: Table = {
    "rules_fixed": lambda a: _("已经有评委打过分，评分规则不能在这里改。请到「修改评分规则」写明原因，由两个人确认。"),
    "draft_moved": _draft_moved,
    "round_in_use": lambda a: _("「%(round)s」这一轮已经排了出场顺序，不能去掉。", round=a["round"]),
    "seat_in_use": lambda a: _("第 %(seat)s 席已经打过分，不能删除。可以安排替补或登记缺席。", seat=a["seat"]),
    "judge_has_marked": lambda a: _("这位评委已经给 %(number)s 号打过分，不能这样安排。", number=a["number"]),
    "substitute_misplaced": lambda a: _(
        "替补最早从第 %(first)s 位出场的选手开始；开赛前换人，请直接改姓名。", first=a["first"]
    ),
    "last_organizer": lambda a: _("这是最后一位能管理比赛的人，请先让别人加入组委会。"),
}
