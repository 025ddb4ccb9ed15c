"""Steps and errors in words: code and arguments put into the templates of words/zh.toml and words/en.toml."""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contest.rules.errors import FolderError, RuleFileError, quoted
from contest.rules.outcome import Step
from contest.rules.shape import PanelOf, RoundRules, Text

LANGUAGES = ("zh", "en")
_CONTINUING = ("by_", "same_", "shared", "placed", "ruled_place", "lots_", "incomparable")
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}", re.ASCII)


@lru_cache(maxsize=len(LANGUAGES))
def words(lang: str) -> dict[str, dict[str, str]]:
    """The templates of a language by section: step, expected, error, piece, page, status."""
    if lang not in LANGUAGES:
        raise ValueError(f"no words in {lang!r}")
    text = files("contest.rules").joinpath("words", f"{lang}.toml").read_text(encoding="utf-8")
    sections: dict[str, dict[str, str]] = tomllib.loads(text)
    return sections


def fill(template: str, args: Mapping[str, Any], lang: str) -> str:
    """`template` with its {placeholders} filled; {x:ordinal}, {x:entries}, {x:pairs} and {x:changes} are formed."""
    return "".join([
        text if name is None else _shape(args.get(name), form, lang) for text, name, form in _pieces(template)
    ])


@lru_cache(maxsize=2048)
def _pieces(template: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """A template taken apart once: plain text, and in its place in between the name and form of a placeholder."""
    pieces: list[tuple[str, str | None, str | None]] = []
    end = 0
    for found in _PLACEHOLDER.finditer(template):
        pieces += [(template[end:found.start()], None, None), ("", found[1], found[2])]
        end = found.end()
    return tuple(piece for piece in [*pieces, (template[end:], None, None)] if piece[0] or piece[1])


def _shape(value: Any, form: str | None, lang: str) -> str:
    piece = words(lang)["piece"]
    if form == "ordinal":
        return words(lang)["ordinal"].get(str(value), fill(piece["ordinal"], {"n": value}, lang))
    if form == "entries":
        return piece["between"].join(fill(piece["entry"], {"entry": entry}, lang) for entry in value)
    if form == "pairs":
        return piece["between"].join(fill(piece["pair"], {"entry": label, "value": own}, lang) for label, own in value)
    if form == "changes":
        return piece["between"].join(
            fill(piece["change"], {"judge": judge, "before": before, "after": after}, lang)
            for judge, before, after in value
        )
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, (list, tuple)):
        return piece["between"].join(_shape(item, None, lang) for item in value)
    return piece["nothing"] if value is None else str(value)


def say(step: Step, lang: str) -> str:
    """One step as a clause in `lang`, without a final stop."""
    args = step.args
    if "own" in args:
        args = {**args, "comparison": _comparison(args["own"], args["others"], args.get("higher_wins", True), lang)}
    return fill(words(lang)["step"][step.code], args, lang)


def _comparison(own: Decimal | None, others: list[Any], higher_wins: bool, lang: str) -> str:
    """Own value against the others'; who has none is behind whoever has one."""
    piece = words(lang)["piece"]
    if len(others) > 1:
        return fill(piece["among_many"], {"own": own, "others": others}, lang)
    theirs = others[0][1]
    if own is None or theirs is None:
        sign = ">" if (theirs is None) is higher_wins else "<"
    else:
        sign = ">" if own > theirs else "<" if own < theirs else "="
    return fill(piece["against_one"], {"own": own, "sign": sign, "theirs": theirs}, lang)


def story(steps: Iterable[Step], lang: str) -> str:
    """All steps of a place as one sentence; comparisons and the place follow their tie after a comma."""
    piece = words(lang)["piece"]
    told = ""
    for step in steps:
        clause = say(step, lang)
        if told.endswith(piece["heading_end"]):
            told += clause
        elif told:
            told += piece["comma" if step.code.startswith(_CONTINUING) else "stop"] + clause
        else:
            told = clause
    return told


def say_status(status: str, lang: str) -> str:
    """A status of a standing as a word."""
    return words(lang)["status"][status]


def say_panel(round: RoundRules, lang: str) -> str:
    """What the panel's number is called: what is taken of whole sheets, or the sum of components."""
    return words(lang)["panel"][round.panel.take if round.panel.of is PanelOf.SHEETS else "parts"]


def page(code: str, lang: str, **args: Any) -> str:
    """A line of the command's own output."""
    return fill(words(lang)["page"][code], args, lang)


def say_expected(wanted: str, args: Mapping[str, Any], lang: str) -> str:
    """What an error expected."""
    shortened = {key: _few(value) for key, value in args.items()}
    return fill(words(lang)["expected"][wanted], shortened, lang)


def _few(value: Any) -> Any:
    if isinstance(value, str):
        return quoted(value)[1:-1]
    if isinstance(value, list) and len(value) > 20:
        return [*value[:20], "…"]
    return value


def say_rule_error(error: RuleFileError, lang: str) -> str:
    """A rule file's error as one line: file, key, found, expected."""
    template = words(lang)["error"]["rule" if error.key else "rule_file"]
    return fill(template, _error_args(error, lang) | {"source": quoted(error.source)[1:-1], "key": error.key}, lang)


def say_folder_error(error: FolderError, lang: str) -> str:
    """A folder's error as one line: file, row, column, found, expected."""
    place = "cell" if error.row is not None and error.column is not None else "row" if error.row is not None else (
        "column" if error.column is not None else "file")
    args = {"file": quoted(error.file)[1:-1], "row": error.row, "column": quoted(error.column or "")[1:-1]}
    return fill(words(lang)["error"][place], _error_args(error, lang) | args, lang)


def _error_args(error: RuleFileError | FolderError, lang: str) -> dict[str, Any]:
    piece = words(lang)["piece"]
    found = piece["absent"] if error.found is None else fill(piece["found"], {"found": quoted(error.found)}, lang)
    return {"found": found, "expected": say_expected(error.wanted, error.wanted_args, lang)}
