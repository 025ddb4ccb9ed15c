"""The less usual stages of a round in words: places and points, standard scores, reviews, attempts, other rankings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from contest.rules import AdjustmentKind, Criterion, PanelRule, Rounding, RoundRules
from contest.rules.shape import CriterionKind, Plus, Shared, Take, Times
from contest.rules.shape_attempts import AttemptsTake
from contest.rules.shape_sheet import NormaliseBy
from web.words import language


@dataclass(frozen=True)
class Line:
    """A line of the method: what it is about, its parts, and a remark. `tone`: how the parts look."""

    title: str
    parts: tuple[str, ...]
    note: str = ""
    tone: str = ""


def number(value: Decimal) -> str:
    """A number of a rule file as people write it: no zeros at the end, a real minus."""
    return format(value.normalize(), "f").replace("-", "−")


def rounding_words(rounding: Rounding | None) -> str:
    """A rounding in words."""
    if rounding is None:
        return str(_("不进位"))
    modes: dict[str, str] = {
        "half_up": _("四舍五入"), "half_even": _("四舍六入五成双"), "down": _("舍去"), "up": _("进一"),
    }  # fmt: skip
    mode = modes.get(str(rounding.mode), str(rounding.mode))
    return str(_("保留 %(decimals)s 位小数，%(mode)s", decimals=rounding.decimals, mode=mode))


def what_is_taken(panel: PanelRule) -> Line:
    """What the panel's marks become."""
    words: dict[str, str] = {
        Take.MEAN: _("取平均"), Take.SUM: _("取合计"), Take.MEDIAN: _("取中位数"),
        Take.MAJORITY: _("按多数名次（舞蹈制）"),
    }  # fmt: skip
    parts = [words.get(panel.take, str(panel.take))]
    if panel.need is not None:
        parts.append(_("赞成达到 %(share)s 通过", share=str(panel.need)))
    return Line(_("取分"), tuple(parts), rounding_words(panel.rounding))


def special_drops(panel: PanelRule) -> Iterator[str]:
    """Drops other than so many high and so many low."""
    if panel.middle is not None:
        yield _("只取中间 %(count)s 个", count=panel.middle)
    if panel.drop_beyond is not None:
        yield _("去掉与中位数相差超过 %(distance)s 的", distance=number(panel.drop_beyond))
    if panel.merge_extremes:
        yield _("最高和最低先平均成一个")


def between(round_: RoundRules) -> Iterator[Line]:
    """What happens to a judge's sheets before the panel: comparable marks, places, points, ballots, a second look."""
    sheet, review = round_.sheet, round_.review
    if sheet is not None:
        parts = tuple(part for part in (_normalised(round_), *_placed(round_)) if part)
        if parts:
            yield Line(_("评委之间"), parts, rounding_words(sheet.normalise.rounding) if sheet.normalise else "")
    if review is not None:
        yield Line(_("复议"), (_("评委相差 %(spread)s 及以上时", spread=number(review.spread)),))


def _normalised(round_: RoundRules) -> str:
    rule = round_.sheet.normalise if round_.sheet else None
    if rule is None:
        return ""
    words: dict[str, str] = {
        NormaliseBy.STANDARD: _("化成标准分：平均 %(mean)s，标准差 %(sd)s", mean=number(rule.mean), sd=number(rule.sd)),
        NormaliseBy.Z: _("化成 z 分"), NormaliseBy.MEAN_SHIFT: _("按各评委的平均分平移"),
        NormaliseBy.FIELD: _("化到全场的平均和标准差"), NormaliseBy.RANK_MEAN: _("按各评委的名次"),
        NormaliseBy.LINEAR: _("用最小二乘扣除评委的宽严"),
    }  # fmt: skip
    return words.get(rule.by, str(rule.by))


def _placed(round_: RoundRules) -> Iterator[str]:
    sheet = round_.sheet
    if sheet is None:
        return
    if sheet.rank is not None:
        cap = sheet.rank.cap
        yield _("每位评委的总分化成名次，最多计第 %(cap)s 名", cap=number(cap)) if cap else _("每位评委的总分化成名次")
    if sheet.points is not None:
        said = ", ".join(number(value) for value in sheet.points.values)
        words: dict[str, str] = {
            "list": said, "borda": _("落后的人数"), "reciprocal": _("名次的倒数"), "exponential": _("按指数递减"),
        }  # fmt: skip
        yield _("名次折成分：%(points)s", points=words.get(sheet.points.by, str(sheet.points.by)))
    if sheet.ballot is not None:
        yield _("每张票写满第 1 到 %(places)s 名，缺一个就作废", places=sheet.ballot.places)


def attempts(round_: RoundRules) -> Line | None:
    """How many attempts there are, and which count."""
    rule = round_.attempts
    if rule is None:
        return None
    words: dict[str, str] = {
        AttemptsTake.BEST: _("取最好的一次"), AttemptsTake.WORST: _("取最差的一次"), AttemptsTake.SUM: _("各次相加"),
        AttemptsTake.MEAN: _("各次平均"), AttemptsTake.LAST: _("取最后一次"),
    }  # fmt: skip
    parts = [_("每人 %(count)s 次", count=rule.count), words.get(rule.take, str(rule.take))]
    if rule.best_of is not None:
        parts.append(_("只算最好的 %(count)s 次", count=rule.best_of))
    missing: dict[str, str] = {
        "incomplete": _("缺一次就先不排名"), "leave_out": _("缺的不计入"), "zero": _("缺的按 0 计"),
    }  # fmt: skip
    return Line(_("几次机会"), tuple(parts), missing.get(rule.missing, str(rule.missing)))


def ranking(round_: RoundRules) -> Line | None:
    """How scores become places, where it is not the usual way."""
    rule = round_.ranking
    parts: list[str] = [] if rule.higher_wins else [_("低分在前")]
    if rule.shared is not Shared.MIN:
        mean = rule.shared is Shared.MEAN
        parts.append(_("并列取平均名次（1.5、1.5、3）") if mean else _("并列后不空名次（1、1、2）"))
    if rule.forced:
        parts.append(_("不许并列，最后抽签"))
    return Line(_("排名"), tuple(parts)) if parts else None


def chain_step(step: object) -> str:
    """A constant that the score is multiplied by, or that is added; anything newer by its own name."""
    if isinstance(step, Times):
        return str(_("乘 %(factor)s", factor=number(step.by)))
    if isinstance(step, Plus):
        return str(_("加 %(value)s", value=number(step.add)))
    return type(step).__name__


def measured(kind: AdjustmentKind) -> list[str]:
    """What a recorded count or measure does."""
    parts: list[str] = []
    if kind.each is not None:
        parts.append(_("每 1 计 %(value)s", value=number(kind.each)))
    if kind.check_sum:
        parts.append(_("须等于各项之和"))
    if not kind.higher_wins:
        parts.append(_("低的好"))
    return parts


def mark_words(criterion: Criterion) -> str:
    """What a mark of a criterion is, in short: 30, 1–10, a place, levels; and its weight."""
    low = f"{number(criterion.min)}–" if criterion.min else ""
    said = f"{low}{number(criterion.max)}"
    if criterion.kind is CriterionKind.RANK:
        said = _("名次")
    elif criterion.kind is CriterionKind.PASS:
        said = _("通过与否")
    elif criterion.levels:
        said = f"{criterion.levels[0].title.in_(language())} – {criterion.levels[-1].title.in_(language())}"
    if not criterion.weight:
        return str(_("%(mark)s，只记录", mark=said))
    return said if criterion.weight == 1 else f"{said} × {number(criterion.weight)}"
