"""Slips of the pen and worse: any change of a rule file or a folder gives rules and facts, or one line with a place."""

import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contest.rules import FolderError, RuleFileError, compute, outcome_json, read_folder, read_rules, write_folder
from contest.rules.command import main
from contest.rules.csvfiles import COLUMNS
from contest.rules.keys import KEYS
from tests.rules.any_facts import some_contest
from tests.rules.any_rules import some_file
from tests.rules.making import PROJECT, SMALL_FOLDER, one_round, put
from tests.rules.test_hostile_files import MOST_CALLS, calls_counted

FILES = sorted(PROJECT.glob("contest/rules/presets/*.toml")) + sorted((PROJECT / "examples").rglob("*.toml"))
FAST = settings(deadline=None, max_examples=250, phases=[Phase.explicit, Phase.reuse, Phase.generate])
WORDS = [
    *sorted({key for keys in KEYS.values() for key in keys}),
    "0", "-1", "1e999", "nan", "-inf", "0.0000001", "99999999999", "true", "[]", "{}", "''", '"x"', "=", "[", "]", "{",
    "}", '"', ",", "\n", "\r", "\0", "．", "final", "criteria.a", "[[rounds]]", "2026-01-01",
]  # fmt: skip


def seeds(test: Callable[[int], None]) -> Callable[[], None]:
    return FAST(given(st.integers(0, 2**32))(test))


def mutated(chance: random.Random, text: str) -> str:
    """One to three changes: a line away, doubled or moved, a word for another, a piece cut out, a number changed."""
    for _ in range(chance.randint(1, 3)):
        lines = text.splitlines(keepends=True)
        at = chance.randrange(len(lines))
        way = chance.randrange(6)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines.insert(chance.randrange(len(lines)), lines[at])
        elif way == 2:
            words = lines[at].split(" ")
            lines[at] = " ".join(chance.choice(WORDS) if chance.random() < 0.1 else word for word in words)
        elif way == 3:
            start = chance.randrange(len(lines[at]))
            lines[at] = lines[at][:start] + lines[at][start + chance.randint(1, 9) :]
        elif way == 4:
            start = chance.randrange(len(lines[at]))
            lines[at] = lines[at][:start] + chance.choice(WORDS) + lines[at][start:]
        else:
            lines[at] = "".join(chance.choice("0123456789") if char.isdigit() else char for char in lines[at])
        text = "".join(lines) or "\n"
    return text


def is_one_line(error: RuleFileError | FolderError) -> bool:
    return all(len(error.in_(lang).splitlines()) == 1 and len(error.in_(lang)) < 2000 for lang in ("zh", "en"))


@seeds
def test_a_changed_rule_file_is_rules_that_can_be_used_or_an_error_with_its_place(seed: int):
    chance = random.Random(seed)
    text = some_file(chance) if chance.random() < 0.5 else chance.choice(FILES).read_text(encoding="utf-8")
    data = mutated(chance, text).encode("utf-8", "surrogatepass")
    try:
        rules = read_rules(data)
    except RuleFileError as error:
        assert is_one_line(error)
        assert error.key or error.wanted in ("small_file", "at_most")
        return
    assert rules.data == data


@seeds
def test_a_changed_table_of_a_folder_is_facts_that_can_be_counted_or_an_error_with_its_row(seed: int):
    rules, facts, chance = some_contest(seed)
    with TemporaryDirectory() as place:
        write_folder(place, facts, rules.data, None)
        name = chance.choice([name for name in COLUMNS if (Path(place) / name).exists()])
        path = Path(place) / name
        path.write_bytes(mutated(chance, path.read_text(encoding="utf-8")).encode("utf-8", "surrogatepass"))
        try:
            outcome_json(compute(rules, read_folder(place)))
        except FolderError as error:
            assert is_one_line(error) and error.file.endswith(".csv")


LONG = b"y" * 70_000
TABLES = {
    "5 MB": b"entry,judge,mark\n" + b"08,J1,90\n" * 600_000,
    "NaN": b"entry,judge,mark\n08,J1,NaN\n",
    "1e999": b"entry,judge,mark\n08,J1,1e999\n",
    "digits": b"entry,judge,mark\n08,J1," + b"9" * 60_000 + b"\n",
    "long cell": b"entry,judge,mark\n08," + LONG + b",90\n",
    "long key": b"entry,judge,mark," + LONG + b"\n08,J1,90,\n",
    "columns": b"entry,judge,mark" + b",x" * 50_000 + b"\n",
    "cells": b"entry,judge,mark\n08" + b"," * 50_000 + b"\n",
    "open quote": b'entry,judge,mark\n08,J1,"90\n' + b"08,J1,90\n" * 9000,
    "invalid UTF-8": b"entry,judge,mark\n08,J1,\xff\n",
    "UTF-16": "entry,judge,mark\n08,J1,90\n".encode("utf-16"),
    "NUL": b"entry,judge,mark\n08,J\0,90\n",
    "a lone surrogate": b"entry,judge,mark\n08,\xed\xa0\x80,90\n",
    "only line ends": b"\r" * 100_000,
    "nothing": b"",
}


@pytest.mark.parametrize("data", TABLES.values(), ids=TABLES)
def test_a_hostile_table_is_refused_in_one_line_and_with_little_work(tmp_path, data, capsys):
    folder = put(tmp_path / "contest", SMALL_FOLDER | {"marks.csv": data, "rules.toml": one_round().data})
    with pytest.raises(FolderError) as caught, calls_counted() as calls:
        read_folder(folder)
    assert is_one_line(caught.value) and caught.value.file == "marks.csv"
    # All rows of a table are taken apart before the second one is refused: a few short calls for each of them.
    assert calls[0] < 5 * MOST_CALLS
    assert main([str(folder)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and said.err.startswith("marks.csv")


RULES = {
    "unknown key": (b"drop_high", b"drop_hihg", "rounds.final.panel.drop_hihg"),
    "too many drops": (b"drop_high = 1", b"drop_high = 7", "rounds.final.panel.drop_low"),
    "NaN": (b"max = 100", b"max = nan", "criteria.lecture.max"),
    "1e999": (b"max = 100", b"max = 1e999", "criteria.lecture.max"),
    "invalid UTF-8": (b"Lecture", b"Lect\xffre", "line 5, column 14"),
    "syntax": (b"max = 100", b"max = = 100", "line 6, column 7"),
    "nesting": (b"max = 100", b"max = " + b"[" * 9000, "line 6"),
    "long key": (b"max = 100", b"m" * 90_000 + b" = 100", 'criteria.lecture."mmm'),
    "a total that is missed": (b"criteria = [", b"total = 90\ncriteria = [", "rounds.final.total"),
}


@pytest.mark.parametrize(("old", "new", "key"), RULES.values(), ids=RULES)
def test_the_command_names_the_key_or_the_line_in_one_line(tmp_path, old, new, key, capsys):
    data = one_round().data
    assert old in data
    folder = put(tmp_path / "contest", SMALL_FOLDER | {"rules.toml": data.replace(old, new, 1)})
    assert main([str(folder), "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and said.err.startswith(f"rules.toml: {key}")


def test_the_command_reads_a_byte_order_mark_and_carriage_returns(tmp_path, capsys):
    crlf = {
        name: b"\xef\xbb\xbf" + str(text).replace("\n", "\r\n").encode()
        for name, text in (SMALL_FOLDER | {"rules.toml": one_round().data.decode()}).items()
    }
    results = []
    for name, files in (("crlf", crlf), ("lf", SMALL_FOLDER | {"rules.toml": one_round().data})):
        assert main([str(put(tmp_path / name, files)), "--json"]) == 0
        results.append(capsys.readouterr().out)
    assert results[0] == results[1]
