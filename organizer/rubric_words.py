"""A round's rules in people's words, whatever the rule file says: what is known as sentences, the rest as its lines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from contest.rules import AdjustmentKind, PanelRule, Rounding, RoundRules, Rules
from contest.rules.shape import Adjust, Apply, Ceiling, Floor, PanelOf, TieBreak, TieBy, TieOf, Trim
from contest.trying import clock_text
from organizer import rubric_stages
from organizer.rubric_stages import Line, number, rounding_words
from web.words import language

# The keys that the sentences below speak of. What a rule file says beyond them is shown as it is written.
TOLD: dict[str, frozenset[str]] = {
    "criterion": frozenset({
        "title", "hint", "min", "max", "step", "bands", "band_step", "kind", "weight", "levels",
    }),
    "adjustment": frozenset({
        "title", "apply", "min", "max", "step", "choices", "sum_min", "sum_max", "family", "required", "clock",
        "each", "check_sum", "better",
    }),
    "round": frozenset({
        "title", "criteria", "panel", "families", "after", "tie_break", "divisions", "total", "ranking", "attempts",
    }),
    "sheet": frozenset({"normalise", "rank", "points", "ballot"}),
    "panel": frozenset({
        "size", "of", "drop_high", "drop_low", "take", "round", "min_marks", "missing", "factors", "factor_round",
        "by_size", "middle", "drop_beyond", "merge_extremes", "need",
    }),
}  # fmt: skip


def method(rules: Rules, round_: RoundRules) -> list[Line]:
    """How the panel's marks become a place, line by line."""
    judged = (
        _judges(round_), *rubric_stages.between(round_), _what_is_dropped(round_.panel),
        rubric_stages.what_is_taken(round_.panel), *_factors(round_),
    )  # fmt: skip
    return [line for line in (
        *(judged if round_.is_judged else [Line(_("评委"), (_("本轮没有评委打分，成绩来自录入的数"),))]),
        _recorded(round_), _afterwards(round_),
        rubric_stages.attempts(round_), rubric_stages.ranking(round_),
        Line(_("同分时依次"), ties(rules, round_), tone="order"), _result(rules),
    ) if line is not None]  # fmt: skip


def penalties(round_: RoundRules) -> tuple[str, ...]:
    """What each adjustment of the round does, with its clock and its limits."""
    said: list[str] = []
    for kind in round_.adjustments:
        said += _clocked(kind) if kind.clock else [_unclocked(kind)]
    for family in round_.families.values():
        low = family.sum_min if family.sum_min is not None else family.sum_max
        said.append(_("%(kind)s合计不超过 %(limit)s", kind=_t(family.title), limit=number(low or Decimal(0))))
    return tuple(said)


def ties(rules: Rules, round_: RoundRules) -> tuple[str, ...]:
    """The tie-break chain, one clause a link; without one, that the place is shared."""
    return tuple(_tie(rules, tie) for tie in round_.tie_break) or (_("名次并列，下一名空出（1、1、3）"),)


def others(rules: Rules, code: str) -> list[tuple[str, str]]:
    """What the rule file says of a round beyond the sentences: (dotted key, value), as it is written."""
    raw = _raw(rules.data)
    table = raw["rounds"][code]
    found = list(_beyond(f"rounds.{code}", {key: value for key, value in table.items() if key != "sheet"}, "round"))
    found += _beyond(f"rounds.{code}.panel", table.get("panel", {}), "panel")
    found += _beyond(f"rounds.{code}.sheet", table.get("sheet", {}), "sheet")
    for name in table.get("criteria", ()):
        found += _beyond(f"criteria.{name}", raw["criteria"][name], "criterion")
    for kind in rules.rounds[code].adjustments:
        found += _beyond(f"adjustments.{kind.id}", raw["adjustments"][kind.id], "adjustment")
    for division, own in table.get("divisions", {}).items():
        title = rules.division_title(division, language())
        found += [(f"{title} · {key}", _value(value)) for key, value in _flat(own)]
    return found


def _recorded(round_: RoundRules) -> Line | None:
    if not round_.adjustments:
        return None
    judged = round_.is_judged
    return Line(_("扣分和加分") if judged else _("录入的数"), penalties(round_), tone="bad" if judged else "")


def _judges(round_: RoundRules) -> Line:
    panel = round_.panel
    least = _("有效评分不足 %(least)s 份不排名", least=panel.min_marks)
    late = {
        "incomplete": _("缺一份就先不排名"), "leave_out": _("缺的不计入"),
    }.get(str(panel.missing), str(panel.missing))  # fmt: skip
    count = _("%(count)s 位", count=panel.size) if panel.size else _("不限人数")
    note = late if panel.min_marks < 2 else _("%(late)s；%(least)s", late=late, least=least)
    return Line(_("评委人数"), (count,), note)


def _what_is_dropped(panel: PanelRule) -> Line:
    by_size = tuple(
        _("%(count)s 位时：%(drops)s", count=size, drops=_drops(trim)) for size, trim in sorted(panel.by_size.items())
    )
    of = _("每份评分表的各项先相加") if panel.of is PanelOf.SHEETS else _("每个评分项各自去分，再相加")
    special = tuple(rubric_stages.special_drops(panel))
    plain = () if special and panel.trim == Trim(0, 0) else (_drops(panel.trim),)
    return Line(_("去分"), (*special, *plain, *by_size), of)


def _drops(trim: Trim) -> str:
    if not trim.high and not trim.low:
        return str(_("不去"))
    return str(_("去 %(high)s 高 %(low)s 低", high=trim.high, low=trim.low))


def _factors(round_: RoundRules) -> Iterator[Line]:
    panel = round_.panel
    if panel.factors:
        parts = tuple(f"{_t(each.title)} × {number(panel.factors[each.id])}" for each in round_.criteria)
        yield Line(_("系数"), parts, rounding_words(panel.factor_rounding) if panel.factor_rounding else "")


def _clocked(kind: AdjustmentKind) -> Iterator[str]:
    clock = kind.clock
    if clock is None:
        return
    value, title = number(clock.value), _t(clock.title)
    if clock.under is not None:
        yield _("%(part)s不足 %(time)s：%(value)s", part=title, time=clock_text(clock.under), value=value)
    if clock.over is not None:
        yield _("%(part)s超过 %(time)s：%(value)s", part=title, time=clock_text(clock.over), value=value)
    if clock.under is None and clock.over is None:
        yield _("%(part)s限时 %(time)s", part=title, time=clock_text(clock.limit))


def _unclocked(kind: AdjustmentKind) -> str:
    title = _t(kind.title)
    if kind.apply is Apply.MULTIPLY:
        low, high = number(kind.min or Decimal(0)), number(kind.max or Decimal(0))
        return str(_("%(kind)s：乘 %(low)s 到 %(high)s", kind=title, low=low, high=high))
    parts = rubric_stages.measured(kind)
    if kind.choices:
        parts.append(_("每次 %(value)s", value=str(_("、")).join(number(each) for each in kind.choices)))
    for limit in (kind.sum_min, kind.sum_max):
        if limit:
            parts.append(_("合计最多 %(limit)s", limit=number(limit)))
    if not parts and kind.min is not None and kind.max is not None:
        parts.append(_("%(low)s 到 %(high)s", low=number(kind.min), high=number(kind.max)))
    if kind.required:
        parts.append(_("必填"))
    return f"{title}{_('：')}{_('，').join(parts)}" if parts else title


def _afterwards(round_: RoundRules) -> Line | None:
    said: list[str] = []
    for step in round_.after:
        if isinstance(step, Floor):
            said.append(_("不低于 %(score)s 分", score=number(step.at)))
        elif isinstance(step, Ceiling):
            said.append(_("不高于 %(score)s 分", score=number(step.at)))
        elif isinstance(step, Rounding):
            said.append(rounding_words(step))
        elif isinstance(step, Adjust):
            names = [_t(kind.title) for id_ in step.kinds if (kind := round_.adjustment(id_)) is not None]
            said.append(_("计入%(kinds)s", kinds=_("、").join(names)))
        else:
            said.append(rubric_stages.chain_step(step))
    return Line(_("之后依次"), tuple(said), tone="order") if said else None


def _tie(rules: Rules, tie: TieBreak) -> str:
    where = rules.rounds[tie.round].title if tie.round is not None and tie.round in rules.rounds else None
    said = _compared(tie)
    if tie.by is not TieBy.LOTS and not tie.higher_wins:
        said = str(_("%(what)s，低的在前", what=said))
    return str(_("%(round)s：%(what)s", round=_t(where), what=said)) if where is not None else said


def _compared(tie: TieBreak) -> str:
    if tie.by is TieBy.MARKS:
        if tie.of is TieOf.COUNTED:
            return str(_("比第 %(rank)s 高的有效分，逐个往下比", rank=tie.first))
        return str(_("比第 %(rank)s 高分，逐个往下比", rank=tie.first))
    if tie.criterion is not None:
        return str(_("比「%(criterion)s」", criterion=_t(tie.criterion.title)))
    if tie.kind is not None:
        return str(_("比「%(criterion)s」", criterion=_t(tie.kind.title)))
    known: dict[str, str] = {
        TieBy.PANEL: _("比评委评分（扣分之前）"), TieBy.SCORE: _("比这一轮的得分"), TieBy.LOTS: _("监督组见证抽签"),
        TieBy.PENALTIES: _("扣分项数少的在前") if tie.of is TieOf.NUMBER else _("扣分少的在前"),
    }  # fmt: skip
    return known.get(tie.by, str(tie.by))


def _result(rules: Rules) -> Line | None:
    result = rules.result
    if len(result.rounds) < 2:
        return None
    titles = [_t(rules.rounds[code].title) for code in result.rounds]
    if result.weights is not None:
        weights = result.weights
        titles = [f"{title} × {number(weights[code])}" for title, code in zip(titles, result.rounds, strict=True)]
    return Line(_("总成绩"), (" + ".join(titles),), rounding_words(result.rounding) if result.rounding else "")


def _t(text: Any) -> str:
    return str(text.in_(language()))


@lru_cache(maxsize=16)
def _raw(source: bytes) -> dict[str, Any]:
    return tomllib.loads(source.removeprefix(b"\xef\xbb\xbf").decode(), parse_float=Decimal)


def _beyond(path: str, table: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    unknown = {key: value for key, value in table.items() if key not in TOLD[kind]}
    return ((f"{path}.{key}", _value(value)) for key, value in _flat(unknown))


def _flat(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and not {"zh", "en"} >= value.keys():
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, Mapping):
        if {"zh", "en"} >= value.keys() and value:
            return str(value.get(language()) or next(iter(value.values())))
        return "{ " + ", ".join(f"{key}: {_value(own)}" for key, own in value.items()) + " }"
    if isinstance(value, list):
        return ", ".join(_value(own) for own in value) or "—"
    return number(value) if isinstance(value, Decimal) else str(value)
