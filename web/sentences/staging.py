"""What is said about the running of the stage: calls, the talk clock, deductions, releases and the big screen."""

from __future__ import annotations

from flask_babel import gettext as _

from contest.models import Scene
from web.sentences.shape import Args, Table, listed
from web.words import scene_word


def _too_early(args: Args) -> str:
    number = str(args["number"])
    if args["mode"] == "lag_1":
        return str(_("本赛缓一位公布：下一位选手上台后，才能发布第 %(number)s 号的成绩。", number=number))
    return str(_("本赛成绩现场不公布，由总裁判在颁奖时统一公布。", number=number))


def _moved(args: Args) -> str:
    scene = scene_word(Scene(str(args["scene"])))
    if args["who"]:
        return str(_("大屏刚被%(who)s切到「%(scene)s」，没有再切换。请看一眼现在的画面，再按一次。",
                     who=args["who"], scene=scene))  # fmt: skip
    return str(_("大屏刚刚自动切到「%(scene)s」，没有再切换。请看一眼现在的画面，再按一次。", scene=scene))


def _no_score(args: Args) -> str:
    if args["number"]:
        return str(_("第 %(number)s 号的成绩还没有发布，现在不能亮分。", number=args["number"]))
    return str(_("还没有发布过成绩，现在不能亮分。"))


SENTENCES: Table = {
    "not_on_stage": lambda a: _("第 %(number)s 号不在台上，不能为他计时。", number=a["number"]),
    "already_been_on": lambda a: _("第 %(number)s 号已经上台，不用再检录。", number=a["number"]),
    "clock_running": lambda a: _("第 %(number)s 号还在计时，请先停表。", number=a["number"]),
    "clock_moved": lambda a: _("计时刚被别人按过，只能撤销最后一次，请看一眼再按。"),
    "not_checked": lambda a: _("第 %(number)s 号计过时，记分员确认扣分后才能发布。", number=a["number"]),
    "release_too_early": _too_early,
    "scores_not_ready": lambda a: _(
        "第 %(numbers)s 号的评分或扣分还没有完成，没有公布任何成绩。", numbers=listed(a["numbers"])
    ),
    "stage_moved": _moved,
    "scene_not_ready": _no_score,
}
