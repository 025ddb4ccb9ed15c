"""From the bytes of a rule file to Rules: the file, its criteria, adjustments, rounds and result."""
from __future__ import annotations

import hashlib
import re
import tomllib
from decimal import Decimal
from typing import Any

from contest.rules.errors import RuleFileError
from contest.rules.reading_adjustments import check_parts, read_adjustment
from contest.rules.reading_awards import read_awards
from contest.rules.reading_criteria import read_criterion
from contest.rules.reading_groups import read_groups
from contest.rules.reading_ranking import read_ranking
from contest.rules.reading_rounds import Declared, is_measured, read_round, read_ties
from contest.rules.shape import PanelOf, ResultRules, RoundRules, Rules, TieBreak, TieBy
from contest.rules.table import Table

MAX_BYTES = 128 * 1024
MAX_DOTS, MAX_ALL_DOTS = 250, 20_000
FACTOR_LIMIT = Decimal(1000)
_ENDLESS = re.compile(r"[0-9_]{4000,}|[0-9][eE][+-]?[0-9_]{18,}", re.ASCII)
_LINE_COLUMN = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_rules(data: bytes, source: str = "rules.toml") -> Rules:
    """The rules written in `data`. `source` is the file's name in messages. Raises RuleFileError and nothing else."""
    file = Table(source, _toml(data, source), (), "file")
    version = file.value("format", "format")
    if not isinstance(version, int) or isinstance(version, bool) or version != 1:
        file.fail("format", version, "format")
    title = file.text("title")
    divisions = {code: table.text("title") for code, table in file.named("divisions", "division", any_name=True)}
    groups = read_groups(file)
    adjustments = {id: read_adjustment(id, table) for id, table in file.named("adjustments", "adjustment")}
    declared = Declared(
        {id: read_criterion(id, table, groups, adjustments) for id, table in file.named("criteria", "criterion")},
        adjustments,
        tuple(id for id, _ in file.named("rounds", "round")),
        groups,
    )
    if not declared.criteria and not all(is_measured(table) for _, table in file.named("rounds", "round")):
        file.fail("criteria", None, "criteria")
    check_parts(file, declared.adjustments)
    if not declared.rounds:
        file.fail("rounds", None, "rounds")
    rounds = {id: read_round(id, table, declared) for id, table in file.named("rounds", "round")}
    _check_foreign_ties(file, rounds)
    result = _result(file, declared, rounds)
    awards = read_awards(file, declared.rounds, result)
    return Rules(title, divisions, rounds, result, hashlib.sha256(data).hexdigest(), data, awards)


def _toml(data: bytes, source: str) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise RuleFileError(source, "", f"{len(data)} B", "small_file", most=MAX_BYTES // 1024)
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[:error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        raise RuleFileError(source, f"line {line}, column {column}", f"byte {body[error.start]:02x}", "utf8") from None
    # tomllib takes minutes over one key of many thousand parts, and seconds over many keys of hundreds.
    for number, written in enumerate(text.split("\n"), start=1):
        if (dots := written.count(".")) > MAX_DOTS:
            raise RuleFileError(source, f"line {number}", f"{dots} × .", "at_most", most=MAX_DOTS)
    if (dots := text.count(".")) > MAX_ALL_DOTS:
        raise RuleFileError(source, "", f"{dots} × .", "at_most", most=MAX_ALL_DOTS)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = _LINE_COLUMN.search(message)
        where = f"line {place[1]}, column {place[2]}" if place else f"line {text.count(chr(10)) + 1}"
        raise RuleFileError(source, where, _LINE_COLUMN.sub("", message).strip(), "toml") from None
    except (ValueError, ArithmeticError, RecursionError):
        # Digits beyond what Python converts, an exponent beyond Decimal, brackets nested thousands deep.
        raise RuleFileError(source, _beyond(text), "a number or a nesting beyond all bounds", "toml") from None


def _beyond(text: str) -> str:
    """Where a file breaks the reader itself: at a number of thousands of digits, else where it is nested most."""
    number = _ENDLESS.search(text)
    if number is None:
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda at: lines[at].count("[") + lines[at].count("{"))
        return f"line {deepest + 1}"
    before = text[:number.start()]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - (before.rfind(chr(10)) + 1) + 1}"


def _check_foreign_ties(file: Table, rounds: dict[str, RoundRules]) -> None:
    for id, round in rounds.items():
        for rules, path in [(round, ("rounds", id)), *(
            (own, ("rounds", id, "divisions", code)) for code, own in round.divisions.items()
        )]:
            for index, tie in enumerate(rules.tie_break):
                target = rules if tie.round is None else rounds[tie.round]
                check_tie_target(file, (*path, "tie_break", index), tie, target)


def check_tie_target(file: Table, path: tuple[str | int, ...], tie: TieBreak, target: RoundRules) -> None:
    """A tie-break may compare only what its round has: sheet sums, that criterion, that adjustment kind."""
    at = Table(file.source, {}, path, None)
    if tie.by is TieBy.MARKS and target.panel.of is PanelOf.CRITERIA:
        at.fail("by", "marks", "tie_sheets", round=target.id)
    if tie.criterion is not None and target.criterion(tie.criterion.id) is None:
        at.fail("criterion", tie.criterion.id, "known", known=[c.id for c in target.criteria])
    if tie.kind is not None and target.adjustment(tie.kind.id) is None:
        at.fail("kind", tie.kind.id, "known", known=[k.id for k in target.adjustments])


def _result(file: Table, declared: Declared, rounds: dict[str, RoundRules]) -> ResultRules:
    table = file.table("result", "result")
    if table is None:
        if len(declared.rounds) > 1:
            file.fail("result", None, "result_needed", known=list(declared.rounds))
        return ResultRules(declared.rounds, None, None, (), False)
    used = declared.rounds
    if len(declared.rounds) > 1 or "rounds" in table.data:
        used = table.ids("rounds", list(declared.rounds))
    for key in ("weights", "round", "tie_break", "ranking"):
        if key in table.data and len(used) == 1:
            table.fail(key, table.data[key], "only_for_several")
    weights = _weights(table, used)
    rounding = table.rounding("round")
    if weights is not None and rounding is None:
        table.fail("round", None, "rounding_needed")
    ties = read_ties(table, declared, None)
    for index, tie in enumerate(ties):
        if tie.round is not None:
            check_tie_target(file, ("result", "tie_break", index), tie, rounds[tie.round])
    return ResultRules(used, weights, rounding, ties, table.flag("overall"), read_ranking(table))


def _weights(table: Table, used: tuple[str, ...]) -> dict[str, Decimal] | None:
    inner = table.table("weights", None)
    if inner is None:
        return None
    for name in inner.data:
        if name not in used:
            inner.unknown(name, list(used))
    weights = {}
    for name in used:
        weight = inner.needed_number(name)
        if weight <= 0 or weight > FACTOR_LIMIT:
            inner.fail(name, weight, "factor", most=FACTOR_LIMIT)
        weights[name] = weight
    return weights
