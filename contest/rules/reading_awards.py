"""The awards of a rule file: [[awards]], from the highest to the lowest."""
from __future__ import annotations

import re
from decimal import Decimal

from contest.rules.numbers import ONE, ZERO, RoundingMode
from contest.rules.shape import ResultRules
from contest.rules.shape_awards import AwardPer, AwardRules, AwardSize, AwardTies
from contest.rules.table import Table

MAX_AWARDS = 50
MAX_COUNT = 100_000
MAX_TITLE = 100
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def read_awards(file: Table, rounds: tuple[str, ...], result: ResultRules) -> tuple[AwardRules, ...]:
    """The awards of the file, checked one by one and together. Raises RuleFileError."""
    rows = file.rows("awards", "award")
    if len(rows) > MAX_AWARDS:
        file.fail("awards", len(rows), "at_most", most=MAX_AWARDS)
    awards: list[AwardRules] = []
    for row in rows:
        award = _award(row, rounds, result)
        same = [a for a in awards if (a.round, a.per) == (award.round, award.per)]
        if award.id in [a.id for a in awards]:
            row.fail("id", award.id, "once")
        shares = sum((a.number for a in (*same, award) if a.size is AwardSize.SHARE), ZERO)
        if award.size is AwardSize.SHARE and shares > ONE:
            row.fail("share", award.number, "shares", sum=shares)
        if any(a.size is AwardSize.REST and a.min_score is None for a in same):
            row.fail("id", award.id, "rest_last")
        awards.append(award)
    return tuple(awards)


def _award(row: Table, rounds: tuple[str, ...], result: ResultRules) -> AwardRules:
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
    if size is AwardSize.SHARE:
        mode = row.choice("rounding", RoundingMode, None)
    elif "rounding" in row.data:
        row.fail("rounding", row.data["rounding"], "only_with_share")
    only = result.rounds[0] if len(result.rounds) == 1 else None
    return AwardRules(
        id=id,
        title=title,
        round=row.id("round", list(rounds)) if "round" in row.data else only,
        size=size,
        number=_number(row, size),
        mode=mode,
        min_score=row.optional_number("min_score"),
        ties=row.choice("ties", AwardTies, AwardTies.EXTEND),
        per=row.choice("per", AwardPer, None) if "per" in row.data else None,
    )


def _number(row: Table, size: AwardSize) -> Decimal:
    if size is AwardSize.REST:
        if not row.flag(size):
            row.fail(size, row.data[size], "true")
        return ZERO
    if size is AwardSize.SHARE:
        share = row.needed_number(size)
        if not ZERO < share <= ONE:
            row.fail(size, share, "share")
        return share
    return Decimal(row.needed_integer(size, 1, MAX_COUNT))
