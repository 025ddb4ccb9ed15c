"""The awards of a rule file: [[awards]], from the highest to the lowest."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from contest.rules.numbers import EXACT, ZERO, Rounding, RoundingMode
from contest.rules.reading_ties import Declared, check_tie_target, read_ties
from contest.rules.shape import ResultRules, RoundRules, TieBreak
from contest.rules.shape_awards import AwardOf, AwardPer, AwardRules, AwardSize, AwardTies
from contest.rules.table import Table

MAX_AWARDS = 50
MAX_COUNT = 100_000
MAX_TITLE = 100
MAX_PARTS = 1000
BY_SHARE = (AwardSize.SHARE, AwardSize.RATIO)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_FRACTION = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)
_SIX = Rounding(6, RoundingMode.HALF_UP)


def read_awards(
    file: Table, declared: Declared, rounds: Mapping[str, RoundRules], result: ResultRules,
) -> tuple[AwardRules, ...]:
    """The awards of the file, checked one by one and together. Raises RuleFileError."""
    rows = file.rows("awards", "award")
    if len(rows) > MAX_AWARDS:
        file.fail("awards", len(rows), "at_most", most=MAX_AWARDS)
    awards: list[AwardRules] = []
    for row in rows:
        award = _award(row, declared, rounds, result)
        same = [a for a in awards if (a.round, a.per) == (award.round, award.per)]
        if award.id in [a.id for a in awards]:
            row.fail("id", award.id, "once")
        shares = sum((a.share for a in (*same, award) if a.size is AwardSize.SHARE and a.of is award.of and a.share),
                     Fraction(0))
        if award.size is AwardSize.SHARE and shares > 1:
            row.fail("share", award.number, "shares", sum=float(shares))
        if any(a.size is AwardSize.REST and a.min_score is None for a in same):
            row.fail("id", award.id, "rest_last")
        parts = [a for a in same if a.size is AwardSize.RATIO]
        together = [(each.share, each.mode, each.of) for each in (*parts[:1], award)]
        if award.size is AwardSize.RATIO and together[0] != together[-1]:
            row.fail("pool", row.data.get("pool"), "one_pool", first=parts[0].id)
        if award.size is AwardSize.RATIO and award.of is AwardOf.FREE:
            row.fail("of", str(award.of), "known", known=[str(AwardOf.RANKED), str(AwardOf.ENTRIES)])
        awards.append(award)
    return tuple(_with_parts(award, awards) for award in awards)


def _with_parts(award: AwardRules, awards: list[AwardRules]) -> AwardRules:
    """An award by ratio with the shares of the common number that begin and end it."""
    if award.size is not AwardSize.RATIO:
        return award
    parts = [a for a in awards if a.size is AwardSize.RATIO and (a.round, a.per) == (award.round, award.per)]
    whole = sum((Fraction(a.number) for a in parts), Fraction(0))
    before = sum((Fraction(a.number) for a in parts[:parts.index(award)]), Fraction(0))
    return replace(award, upper=before / whole, lower=(before + Fraction(award.number)) / whole)


def _award(row: Table, declared: Declared, rounds: Mapping[str, RoundRules], result: ResultRules) -> AwardRules:
    id = row.value("id", "id")
    if not isinstance(id, str) or _ID.fullmatch(id) is None:
        row.fail("id", id, "id")
    title = row.text("title")
    for text in (title.zh, title.en):
        if len(text) > MAX_TITLE:
            row.fail("title", text, "short_text", most=MAX_TITLE)
    written = [size for size in AwardSize if size in row.data]
    if len(written) != 1:
        row.fail(None, row.data, "one_size", known=[str(size) for size in AwardSize])
    (size,) = written
    mode = None
    if size in BY_SHARE:
        mode = row.choice("rounding", RoundingMode, None)
    elif "rounding" in row.data:
        row.fail("rounding", row.data["rounding"], "only_with_share")
    for key, allowed in {"of": size in BY_SHARE, "pool": size is AwardSize.RATIO,
                         "min_score": size is not AwardSize.LINE}.items():
        if key in row.data and not allowed:
            row.fail(key, row.data[key], "not_with", other=str(size))
    share = read_share(row, "share") if size is AwardSize.SHARE else (
        read_share(row, "pool") if size is AwardSize.RATIO and "pool" in row.data else Fraction(1))
    round = row.id("round", list(rounds)) if "round" in row.data else result.only
    return AwardRules(
        id=id,
        title=title,
        round=round,
        size=size,
        number=_number(row, size, share),
        mode=mode,
        min_score=row.optional_number("min_score"),
        ties=row.choice("ties", AwardTies, AwardTies.EXTEND),
        per=row.choice("per", AwardPer, None) if "per" in row.data else None,
        of=row.choice("of", AwardOf, AwardOf.RANKED),
        share=share if size in BY_SHARE else None,
        limit=row.needed_integer("limit", 1, MAX_COUNT) if "limit" in row.data else None,
        chain=read_cut_ties(row, declared, rounds, round),
    )


def read_cut_ties(
    row: Table, declared: Declared, rounds: Mapping[str, RoundRules], round: str | None,
) -> tuple[TieBreak, ...]:
    """The chain that tells those apart who share the last place: there with `ties = "break"` and only then."""
    breaks = row.data.get("ties") == AwardTies.BREAK
    if breaks != bool(row.data.get("tie_break")):
        row.fail("tie_break", row.data.get("tie_break"), "break_chain")
    chain = read_ties(row, declared, round)
    for index, tie in enumerate(chain):
        target = tie.round or round
        if target is not None:
            check_tie_target(row, (*row.path, "tie_break", index), tie, rounds[target])
    return chain


def read_share(row: Table, key: str) -> Fraction:
    """A required share of 1: a number like 0.1, or a fraction like "1/12" where decimals would have no end."""
    raw = row.value(key, "share")
    if isinstance(raw, str):
        found = _FRACTION.fullmatch(raw)
        if found is None or int(found[2]) == 0:
            row.fail(key, raw, "share")
        share = Fraction(int(found[1]), int(found[2]))
    else:
        share = Fraction(row.needed_number(key))
    if not 0 < share <= 1:
        row.fail(key, raw, "share")
    return share


def _number(row: Table, size: AwardSize, share: Fraction) -> Decimal:
    if size is AwardSize.REST:
        if not row.flag(size):
            row.fail(size, row.data[size], "true")
        return ZERO
    if size is AwardSize.SHARE:
        exact = EXACT.divide(Decimal(share.numerator), Decimal(share.denominator))
        return exact if not isinstance(row.data["share"], str) else _SIX.apply(exact)
    if size is AwardSize.LINE:
        return row.needed_number(size)
    if size is AwardSize.RATIO:
        return Decimal(row.needed_integer(size, 1, MAX_PARTS))
    return Decimal(row.needed_integer(size, 1, MAX_COUNT))
