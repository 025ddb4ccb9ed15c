"""python -m contest.rules FOLDER: recount a contest folder, or a .zip of one, and say every step; needs only Python."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from contest.rules.comparing import (
    Difference,
    covering,
    explained_otherwise,
    first_difference,
    other_file,
    read_standings,
)
from contest.rules.computing import compute
from contest.rules.csvfiles import read_bytes
from contest.rules.errors import FolderError, RulesError
from contest.rules.folder import read_source
from contest.rules.json_form import outcome_json
from contest.rules.outcome import Outcome, Standing, Step
from contest.rules.reading import MAX_BYTES, read_rules
from contest.rules.saying import LANGUAGES, page, say_status, story
from contest.rules.shape import Rules
from contest.rules.sources import Source, open_source
from contest.rules.writing import json_bytes

AGREES, BAD_INPUT, DIFFERS = 0, 1, 2


class _Arguments(argparse.ArgumentParser):
    """A wrong argument is bad input like any other: one line, exit 1 (argparse itself would exit 2)."""

    def error(self, message: str) -> NoReturn:
        raise FolderError("contest.rules", None, None, message, "argument", program=_program())


def _program() -> str:
    """How this was called: as a module, or as the one file that program.py makes."""
    called = Path(sys.argv[0]).name
    return called if called.endswith(".pyz") else "-m contest.rules"


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = _Arguments(prog=f"python {_program()}", description=__doc__, allow_abbrev=False)
    parser.add_argument("folder", metavar="FOLDER", help="a contest folder, or a .zip of one")
    parser.add_argument("--rules", metavar="FILE", help="a rule file, instead of the folder's rules.toml")
    parser.add_argument("--json", action="store_true", help="print the standings as JSON")
    parser.add_argument("--lang", choices=LANGUAGES, default="zh", help="language of the words (default zh)")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, 1 for bad input, or 2 where standings.json says otherwise."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # The words are Chinese and file names may be anything: never fail on a terminal's own encoding.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = list(sys.argv[1:] if argv is None else argv)
    lang = "en" if "--lang=en" in given or ["--lang", "en"] in [given[i:i + 2] for i in range(len(given))] else "zh"
    try:
        return _recount(_arguments(given))
    except RulesError as error:
        print(error.in_(lang), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output went away; there is nobody to tell
        return BAD_INPUT


def _recount(arguments: argparse.Namespace) -> int:
    lang = arguments.lang
    source = open_source(arguments.folder)
    rules = _rules(source, arguments.rules)
    outcome = compute(rules, read_source(source, rules))
    data = source.read("standings.json")
    # A recorded result that cannot be read is said after the recount, which does not need it.
    covers = None if data is None else _covers(data)
    result = covering(outcome_json(outcome), rules, covers)
    if arguments.json:
        sys.stdout.write(json_bytes(result).decode("utf-8"))
    else:
        sys.stdout.write("\n".join(_lines(rules, outcome, covers, lang)) + "\n")
    sys.stdout.flush()
    if data is None:
        return AGREES
    code, said = _compare(read_standings(data), result, rules, source, arguments.rules is not None, lang)
    print("\n".join(said), file=sys.stderr if code == DIFFERS or arguments.json else sys.stdout)
    return code


def _covers(data: bytes) -> list[str] | None:
    try:
        covers: list[str] | None = read_standings(data).get("covers")
    except FolderError:
        return None
    return covers


def _rules(source: Source, file: str | None) -> Rules:
    """The rules named, or those of the folder."""
    path = Path("rules.toml" if file is None else file)
    data = source.read("rules.toml", MAX_BYTES) if file is None else read_bytes(path, file, MAX_BYTES)
    if data is None:
        name, wanted = ("rules.toml", "rules_file") if file is None else (file, "file")
        raise FolderError(name, None, None, None, wanted)
    return read_rules(data, path.name)


def _compare(
    recorded: Mapping[str, Any], result: Mapping[str, Any], rules: Rules, source: Source, named: bool, lang: str,
) -> tuple[int, list[str]]:
    """Whether standings.json agrees, and what to say. Other rules are a difference unless named on purpose."""
    made_with = recorded.get("rules_sha256", rules.sha256)
    difference = first_difference(recorded, result) or other_file(recorded, source)
    if difference is None and made_with != rules.sha256 and not named:
        difference = Difference("rules_sha256", str(made_with)[:64], rules.sha256)
    if difference is not None:
        where, had, found = difference.where, difference.recorded, difference.found
        return DIFFERS, [page("differs", lang, where=where, recorded=had, found=found)]
    said = [page("agrees", lang)]
    if made_with != rules.sha256:
        said.append(page("other_rules", lang))
    where_told = explained_otherwise(recorded, result)
    if where_told is not None:
        said.append(page("steps_differ", lang, where=where_told))
    return AGREES, said


def _lines(rules: Rules, outcome: Outcome, covers: Sequence[str] | None, lang: str) -> list[str]:
    """The standings for people: the result, the ranking across divisions, and every round where there are several.

    `covers`: the rounds that the folder is about, where it is not about all.
    """
    whole = covers is None or set(rules.result.rounds) <= set(covers)
    lines = [rules.title.in_(lang)]
    if whole:
        lines += ["", *_ranking(rules, outcome.standings, lang)]
    if whole and outcome.overall is not None:
        lines += ["", page("overall", lang), *_ranking(rules, outcome.overall, lang)]
    if len(outcome.rounds) > 1:
        for id, round in outcome.rounds.items():
            if covers is None or id in covers:
                title = rules.rounds[id].title.in_(lang)
                lines += ["", page("round", lang, round=title), *_ranking(rules, round.standings, lang)]
                lines += [_told(rules, one.division, one.steps, lang) for one in round.advancing]
    if not whole:
        return lines
    if outcome.awards:
        lines += ["", page("awards", lang)]
    for given in outcome.awards:
        lines += [_told(rules, given.division, given.steps, lang)]
        lines += [page("award_entry", lang, place=place, entry=entry) for entry, place in given.entries]
    return lines


def _told(rules: Rules, division: str | None, steps: Sequence[Step], lang: str) -> str:
    """An award or a list of those who go on, in words; where it is one division's, with its title before."""
    if division is None:
        return story(steps, lang)
    title = rules.division_title(division, lang)
    return page("award_division", lang, division=title, story=story(steps, lang))


def _ranking(rules: Rules, standings: Sequence[Standing], lang: str) -> list[str]:
    if not standings:
        return [page("nobody", lang)]
    lines: list[str] = []
    division: str | None = None
    for standing in standings:
        if standing.division != division:
            division = standing.division
            lines.append(page("division", lang, division=rules.division_title(division, lang)))
        if standing.place is None:
            status = say_status(standing.status or "", lang)
            lines.append(page("outside", lang, entry=standing.entry, status=status))
        else:
            place = page("place", lang, place=standing.place)
            lines.append(page("row", lang, place=place, entry=standing.entry, score=standing.score))
        lines.append("    " + story(standing.steps, lang))
    return lines
