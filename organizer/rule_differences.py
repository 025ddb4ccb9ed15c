"""How one rule file differs from another: line by line, and in words where a difference has plain ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask_babel import gettext as _

from contest.rules import AdjustmentKind, AwardRules, AwardSize, Criterion, PanelRule, RoundRules, Rules
from contest.rules.numbers import shown

AROUND = 2
# A file has at most a few thousand lines; nobody reads more differences than these on a page.
MOST_LINES = 400


@dataclass(frozen=True)
class Line:
    """A line of the comparison: kind "same", "gone", "new" or "gap", and its numbers in the old and the new file."""

    kind: str
    before: int | None = None
    after: int | None = None
    text: str = ""


def lines(old: bytes, new: bytes) -> list[Line]:
    """The lines that differ with a few around them; a gap stands for those left out."""
    one, two = (source.decode("utf-8-sig", "replace").splitlines() for source in (old, new))
    found: list[Line] = []
    for group in SequenceMatcher(None, one, two, autojunk=False).get_grouped_opcodes(AROUND):
        if found:
            found.append(Line("gap"))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found += [Line("same", at + 1, c + at - a + 1, one[at]) for at in range(a, b)]
            else:
                found += [Line("gone", at + 1, None, one[at]) for at in range(a, b)]
                found += [Line("new", None, at + 1, two[at]) for at in range(c, d)]
    return found[:MOST_LINES] + ([Line("gap")] if len(found) > MOST_LINES else [])


def words(old: Rules, new: Rules, lang: str) -> list[str]:
    """What differs in what is judged, how it is counted and what is awarded, a sentence for each."""
    found = [_("增加一轮：%(name)s", name=new.rounds[id].title.in_(lang)) for id in new.rounds if id not in old.rounds]
    found += [_("去掉一轮：%(name)s", name=old.rounds[id].title.in_(lang)) for id in old.rounds if id not in new.rounds]
    more, less = ([id for id in one.divisions if id not in two.divisions] for one, two in ((new, old), (old, new)))
    found += [_("增加组别：%(name)s", name=new.division_title(id, lang)) for id in more]
    found += [_("去掉组别：%(name)s", name=old.division_title(id, lang)) for id in less]
    for id, round_ in new.rounds.items():
        if id in old.rounds:
            before = old.rounds[id]
            found += _round(round_.title.in_(lang), before, round_, lang)
            for code in dict.fromkeys([*before.divisions, *round_.divisions]):
                division = new.division_title(code, lang)
                where = _("%(round)s · %(division)s", round=round_.title.in_(lang), division=division)
                found += _round(where, before.for_division(code), round_.for_division(code), lang)
    if (old.result.rounds, old.result.weights) != (new.result.rounds, new.result.weights):
        found.append(_("总成绩由哪几轮、各占多少，有改动"))
    ways = [(each.rounding, each.tie_break, each.ranking, each.overall) for each in (old.result, new.result)]
    if ways[0] != ways[1]:
        found.append(_("总成绩的进位、同分规则或排名方法有改动"))
    found += _awards({one.id: one for one in old.awards}, {one.id: one for one in new.awards}, lang)
    return [str(each) for each in found]


def _round(where: str, old: RoundRules, new: RoundRules, lang: str) -> Iterator[str]:
    before, after = ({one.id: one for one in rules.criteria} for rules in (old, new))
    for id, one in after.items():
        if id not in before:
            name, most = one.title.in_(lang), shown(one.max, 0)
            yield _("%(where)s：增加「%(name)s」，满分 %(most)s", where=where, name=name, most=most)
        else:
            yield from _criterion(where, before[id], one, lang)
    for id, one in before.items():
        if id not in after:
            yield _("%(where)s：去掉「%(name)s」", where=where, name=one.title.in_(lang))
    yield from _panel(where, old.panel, new.panel)
    yield from _kinds(where, old, new, lang)
    if old.after != new.after:
        yield _("%(where)s：平均之后的步骤有改动", where=where)
    if old.tie_break != new.tie_break:
        yield _("%(where)s：同分时怎么比，有改动", where=where)
    if old.ranking != new.ranking:
        yield _("%(where)s：名次怎么排，有改动", where=where)


def _criterion(where: str, old: Criterion, new: Criterion, lang: str) -> Iterator[str]:
    name = new.title.in_(lang)
    if old.title != new.title:
        yield _("%(where)s：「%(old)s」改名为「%(new)s」", where=where, old=old.title.in_(lang), new=name)
    if old.max != new.max:
        yield _("%(where)s：「%(name)s」满分 %(old)s → %(new)s", where=where, name=name, old=shown(old.max, 0),
                new=shown(new.max, 0))  # fmt: skip
    if old.min != new.min:
        yield _("%(where)s：「%(name)s」最低分 %(old)s → %(new)s", where=where, name=name, old=shown(old.min, 0),
                new=shown(new.min, 0))  # fmt: skip
    if old.step != new.step:
        yield _("%(where)s：「%(name)s」刻度 %(old)s → %(new)s", where=where, name=name, old=shown(old.step, 0),
                new=shown(new.step, 0))  # fmt: skip


    if old.weight != new.weight:
        yield _("%(where)s：「%(name)s」权重 %(old)s → %(new)s", where=where, name=name, old=shown(old.weight, 0),
                new=shown(new.weight, 0))  # fmt: skip
    if (old.kind, old.levels) != (new.kind, new.levels):
        yield _("%(where)s：「%(name)s」的评分方式或等级有改动", where=where, name=name)


def _panel(where: str, old: PanelRule, new: PanelRule) -> Iterator[str]:
    if old.size != new.size:
        yield _("%(where)s：评委人数 %(old)s → %(new)s", where=where, old=old.size or "—", new=new.size or "—")
    if old.trim != new.trim:
        yield _("%(where)s：去 %(a)s 高 %(b)s 低 → 去 %(c)s 高 %(d)s 低", where=where, a=old.trim.high, b=old.trim.low,
                c=new.trim.high, d=new.trim.low)  # fmt: skip
    if old.min_marks != new.min_marks:
        yield _("%(where)s：至少要有 %(old)s 份评分 → %(new)s 份", where=where, old=old.min_marks, new=new.min_marks)
    if (old.of, old.take, old.missing, old.by_size, old.factors) != (
        new.of, new.take, new.missing, new.by_size, new.factors
    ):  # fmt: skip
        yield _("%(where)s：评委分怎么合成，有改动", where=where)
    if (old.rounding, old.factor_rounding) != (new.rounding, new.factor_rounding):
        yield _("%(where)s：平均后的小数位或进位有改动", where=where)


def _kinds(where: str, old: RoundRules, new: RoundRules, lang: str) -> Iterator[str]:
    before, after = ({kind.id: kind for kind in rules.adjustments} for rules in (old, new))
    for id, kind in after.items():
        if id not in before:
            yield _("%(where)s：增加扣分或加分「%(name)s」", where=where, name=kind.title.in_(lang))
        elif _values(before[id]) != _values(kind):
            yield _("%(where)s：「%(name)s」的数值或时限有改动", where=where, name=kind.title.in_(lang))
    for id, kind in before.items():
        if id not in after:
            yield _("%(where)s：去掉扣分或加分「%(name)s」", where=where, name=kind.title.in_(lang))


def _values(kind: AdjustmentKind) -> tuple[object, ...]:
    clock = kind.clock
    timed = None if clock is None else (clock.limit, clock.under, clock.over, clock.value)
    return (kind.apply, kind.min, kind.max, kind.step, kind.choices, kind.sum_min, kind.sum_max, kind.family,
            kind.required, timed)  # fmt: skip


def _awards(old: dict[str, AwardRules], new: dict[str, AwardRules], lang: str) -> Iterator[str]:
    for id, award in new.items():
        name = award.title.in_(lang)
        if id not in old:
            yield _("增加奖项「%(name)s」：%(size)s", name=name, size=_size(award))
        elif old[id] != award:
            if _size(old[id]) != _size(award):
                yield _("奖项「%(name)s」：%(old)s → %(new)s", name=name, old=_size(old[id]), new=_size(award))
            else:
                yield _("奖项「%(name)s」有改动", name=name)
    for id, award in old.items():
        if id not in new:
            yield _("去掉奖项「%(name)s」", name=award.title.in_(lang))
    if [id for id in old if id in new] != [id for id in new if id in old]:
        yield _("奖项的高低顺序有改动")


def _size(award: AwardRules) -> str:
    number = shown(award.number, 0)
    words: dict[AwardSize, str] = {
        AwardSize.COUNT: _("%(number)s 名", number=number),
        AwardSize.SHARE: f"{shown(award.number * 100, 0)}%",
        AwardSize.TOP: _("前 %(number)s 名", number=number),
        AwardSize.REST: _("其余全部"),
    }
    return str(words[award.size])

