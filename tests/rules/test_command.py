"""python -m contest.rules with nothing installed: output, exit codes and one clear line for bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contest.rules import compute, outcome_json, read_folder, read_rules, write_folder
from tests.rules.making import FIXTURES, PROJECT

LECTURE = PROJECT / "examples" / "lecture-final"
SEGMENT = FIXTURES / "skating" / "isu-gp-audi-cup-of-china-2016--ice-dance-short-dance"
SEGMENT_RULES = PROJECT / "examples" / "skating" / "ice-dance-short-dance.toml"


def recount(*arguments: str | bytes) -> tuple[int, str, str]:
    """Exit code, output and error output of the bare command."""
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-s", "-m", "contest.rules", *arguments],
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example contest with its standings, to be changed."""
    rules = read_rules((LECTURE / "rules.toml").read_bytes())
    facts = read_folder(LECTURE, rules)
    write_folder(tmp_path / "contest", facts, rules.data, outcome_json(compute(rules, facts)))
    return tmp_path / "contest"


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / "standings.json").read_text()
    assert old in text
    (folder / "standings.json").write_text(text.replace(old, new, 1))


def test_json_is_the_standings_and_nothing_else():
    code, out, err = recount(str(SEGMENT), "--rules", str(SEGMENT_RULES), "--json")
    rules = read_rules(SEGMENT_RULES.read_bytes())
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found == outcome_json(compute(rules, read_folder(SEGMENT, rules)))
    assert list(found) == ["standings", "rounds"] and list(found["rounds"]) == ["short"]
    assert list(found["standings"][0]) == ["place", "entry", "score", "steps"]
    assert list(found["standings"][0]["steps"][0]) == ["code", "args", "text"]
    assert found["standings"] == found["rounds"]["short"]["standings"]


def test_an_entry_outside_the_ranking_has_no_place_no_score_and_a_status(folder):
    (folder / "rulings.csv").write_text("entry,kind\n03,withdrawn\n")
    (folder / "standings.json").unlink()
    code, out, _ = recount(str(folder), "--json")
    row = json.loads(out)["standings"][-1]
    assert code == 0
    assert {key: row[key] for key in row if key != "steps"} == {
        "place": None,
        "entry": "03",
        "score": None,
        "status": "withdrawn",
    }


def test_the_words_are_chinese_unless_asked_for_in_english():
    code, out, err = recount(str(LECTURE))
    assert (code, err) == (0, "")
    assert "第 1 名　05 号" in out and "去掉最高分" in out and out.endswith("与 standings.json 一致\n")
    code, out, err = recount(str(LECTURE), "--lang", "en")
    assert (code, err) == (0, "")
    assert (
        "Place 1  no. 05" in out
        and "dropped, mean of the other 5" in out
        and out.endswith("agrees with standings.json\n")
    )


def test_a_recount_that_agrees_says_so_beside_the_json(folder):
    code, out, err = recount(str(folder), "--json")
    assert (code, err) == (0, "与 standings.json 一致\n")
    assert json.loads(out)["standings"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"place": 1', '"place": 2', "standings, 05, place: standings.json has 2, the recount 1"),
        ('"score": "91.40"', '"score": "91.41"', "standings, 05, score: standings.json has 91.41, the recount 91.40"),
        ('"entry": "05"', '"entry": "5"', "standings, 5: standings.json has 5, the recount —"),
    ],
)
def test_a_recount_that_differs_ends_with_2_and_says_where(folder, old, new, said):
    change(folder, old, new)
    code, _, err = recount(str(folder), "--lang", "en")
    assert (code, err) == (2, f"differs from standings.json: {said}\n")


def test_a_round_that_differs_is_found_too(folder):
    recorded = json.loads((folder / "standings.json").read_text())
    recorded["rounds"]["final"]["standings"][2]["score"] = "1.00"
    (folder / "standings.json").write_text(json.dumps(recorded))
    code, _, err = recount(str(folder), "--lang", "en")
    assert code == 2 and "rounds.final, " in err


def test_a_rule_file_that_is_not_the_recorded_one_is_a_difference_unless_named(folder):
    with (folder / "rules.toml").open("a") as file:
        file.write("# changed\n")
    code, _, err = recount(str(folder), "--lang", "en")
    assert code == 2 and err.startswith("differs from standings.json: rules_sha256: ")
    code, out, _ = recount(str(folder), "--lang", "en", "--rules", str(folder / "rules.toml"))
    assert code == 0 and "note: the rule file is not the one standings.json was made with" in out


def test_only_another_explanation_is_a_note(folder):
    change(
        folder,
        '"value": "-2.00"' if '"value": "-2.00"' in (folder / "standings.json").read_text() else '"count": 5',
        '"count": 6',
    )
    code, out, _ = recount(str(folder), "--lang", "en")
    assert code == 0 and "note: the explanation at standings, 05 differs" in out


def test_standings_without_explanations_or_rounds_can_be_compared(folder):
    rows = [
        {"place": r["place"], "entry": r["entry"], "score": r["score"]}
        for r in json.loads((folder / "standings.json").read_text())["standings"]
    ]
    (folder / "standings.json").write_text(json.dumps({"standings": rows}))
    assert recount(str(folder))[0] == 0
    (folder / "standings.json").write_text(json.dumps({"standings": rows[1:]}))
    assert recount(str(folder))[0] == 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "NaN",
        '{"standings": 3}',
        '{"standings": [3]}',
        "[" * 100_000,
        '{"standings": [], "rounds": 4}',
        "\udcff",
        '{"standings": [{"entry": ["x"]}]}',
        '{"standings": [{"entry": "05", "steps": {"a": [1e999]}}]}',
    ],
)
def test_a_broken_standings_file_is_one_line(folder, content):
    (folder / "standings.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    code, _, err = recount(str(folder))
    assert code in (1, 2) and len(err.splitlines()) == 1 and "Traceback" not in err


def test_bad_input_ends_with_1_and_one_line(folder, tmp_path):
    (folder / "marks.csv").write_text("entry,judge,criterion,mark\n01,J1,content,300\n")
    bad = tmp_path / "bad.toml"
    bad.write_text((LECTURE / "rules.toml").read_text().replace("drop_high", "drop_hihg"))
    for arguments, said in [
        ([str(folder)], 'marks.csv，第 2 行，mark 列：发现 "300"，应为：不高于 30\n'),
        (
            [str(LECTURE), "--rules", str(bad)],
            'bad.toml：rounds.final.panel.drop_hihg：发现 "drop_hihg"，应为：也许是 drop_high',
        ),
        ([str(tmp_path / "none")], "缺少，应为：一个比赛文件夹，或它的 .zip\n"),
        ([str(SEGMENT)], "rules.toml：缺少，应为：文件夹中的 rules.toml，或用 --rules 指定\n"),
        ([str(LECTURE), "--rules", str(tmp_path)], "应为：一个可读的文件\n"),
        ([str(LECTURE), "--rules", str(tmp_path / "x.toml")], "缺少，应为：一个可读的文件\n"),
        ([], "用法"),
        ([str(LECTURE), "--jsn"], "用法"),
        ([str(LECTURE), "--lang", "fr"], "用法"),
        ([b"/\xff\xfe"], "一个比赛文件夹，或它的 .zip\n"),
    ]:
        code, out, err = recount(*arguments)
        assert (code, out) == (1, "")
        assert said in err and len(err.splitlines()) == 1


def test_a_reader_that_goes_away_is_no_error_page():
    command = f'"{sys.executable}" -S -E -s -m contest.rules "{LECTURE}" --json | true'
    done = subprocess.run(["bash", "-c", command], cwd=PROJECT, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
