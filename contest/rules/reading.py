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
from contest.rules.reading_between import read_between
from contest.rules.reading_criteria import read_criterion
from contest.rules.reading_groups import read_groups
from contest.rules.reading_result import read_result
from contest.rules.reading_rounds import is_measured, read_round
from contest.rules.reading_ties import Declared, check_ties, with_asked
from contest.rules.shape import Rules
from contest.rules.table import Table

MAX_BYTES = 128 * 1024
MAX_DOTS, MAX_ALL_DOTS = 250, 20_000
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
    check_ties(file, rounds)
    rounds = read_between(file, declared, rounds)
    result = read_result(file, declared, rounds)
    awards = read_awards(file, declared, rounds, result)
    rounds = with_asked(rounds, [
        *((id, tie) for id, round in rounds.items() for own in (round, *round.divisions.values())
          for tie in (*own.tie_break, *(() if round.advance is None else round.advance.chain))),
        *((None, tie) for tie in result.tie_break), *((award.round, tie) for award in awards for tie in award.chain),
    ])
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
