"""What a rule file may say and how it is refused: always one line with the dotted key."""

import re
from decimal import Decimal

import pytest

from contest.rules import MarkError, RuleFileError, read_rules
from contest.rules.keys import KEYS
from tests.rules.making import PROJECT

PRESETS = sorted((PROJECT / "contest" / "rules" / "presets").glob("*.toml"))
EXAMPLES = sorted((PROJECT / "examples").rglob("*.toml"))
DOCS = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
FULL = (PROJECT / "contest" / "rules" / "presets" / "lecture-final.toml").read_text(encoding="utf-8")
SKATING = (PROJECT / "examples" / "skating" / "men-free-skating.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*PRESETS, *EXAMPLES], ids=lambda path: path.stem)
def test_presets_and_examples_load(path):
    rules = read_rules(path.read_bytes(), path.name)
    assert rules.data == path.read_bytes()
    assert len(rules.sha256) == 64


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_example_of_the_description_loads(block):
    read_rules(block.encode())


def test_the_description_names_every_key():
    named = set(re.findall(r"`([a-z_]+)`", DOCS)) | set(re.findall(r"`\[([a-z_]+)[.\]]", DOCS))
    assert {key for keys in KEYS.values() for key in keys} - named == set()


def test_the_description_uses_every_key_in_an_example():
    written = set(re.findall(r"[a-z_]+", "\n".join(BLOCKS)))
    assert {key for keys in KEYS.values() for key in keys} - written == set()


def test_the_lecture_presets_are_those_of_the_national_rule():
    final = read_rules(FULL.encode()).rounds["final"]
    assert [(c.id, c.max, c.step) for c in final.criteria] == [
        ("content", 30, Decimal("0.01")),
        ("delivery", 30, Decimal("0.01")),
        ("presence", 10, Decimal("0.01")),
        ("random", 30, Decimal("0.01")),
    ]
    assert (final.sheet_max, final.panel.size) == (Decimal(100), 7)
    assert [(b.title.zh, b.low, b.high) for b in final.criteria[0].bands] == [
        ("优", 27, 30),
        ("良", 23, Decimal("26.5")),
        ("中", 18, Decimal("22.5")),
        ("弱", 0, Decimal("17.5")),
    ]
    assert [(b.title.en, b.low, b.high) for b in final.criteria[2].bands] == [
        ("Excellent", 9, 10),
        ("Good", Decimal("7.5"), Decimal("8.5")),
        ("Fair", 6, 7),
        ("Weak", 0, Decimal("5.5")),
    ]
    band = final.criteria[0].band_of(Decimal("26.75"))
    assert band is not None and band.title.zh == "良"
    assert [(k.id, k.choices, k.sum_min) for k in final.adjustments] == [
        ("quiz", (-1,), -2),
        ("time_own", (-2,), -2),
        ("time_random", (-2,), -2),
    ]
    preliminary = read_rules((PRESETS[0].parent / "lecture-preliminary.toml").read_bytes()).rounds["preliminary"]
    assert [c.max for c in preliminary.criteria] == [40, 40, 20]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30.01", "above_max"),
        ("-0.01", "below_min"),
        ("27.505", "off_step"),
        ("", "not_a_number"),
        ("NaN", "not_a_number"),
        ("1e1", "not_a_number"),
        ("Infinity", "not_a_number"),
        (" 27", "not_a_number"),
        ("２７", "not_a_number"),
        ("27,5", "not_a_number"),
        ("+27", "not_a_number"),
        ("9" * 5000, "not_a_number"),
        ("27\n", "not_a_number"),
    ],
)
def test_a_mark_is_refused_with_its_reason(text, code):
    content = read_rules(FULL.encode()).rounds["final"].criteria[0]
    with pytest.raises(MarkError) as caught:
        content.check(text)
    assert caught.value.code == code
    assert caught.value.in_("zh") and caught.value.in_("en")


def test_marks_in_range_are_read_exactly():
    content = read_rules(FULL.encode()).rounds["final"].criteria[0]
    assert [str(content.check(text)) for text in ("27.50", "0", "-0", "30", "0.01")] == [
        "27.50",
        "0",
        "0",
        "30",
        "0.01",
    ]


# (replace this, by this, dotted key of the error, a part of the line)
WRONG = [
    ("drop_high = 1", "drop_hihg = 1", "rounds.final.panel.drop_hihg", "perhaps drop_high"),
    ("drop_high = 1", "drop_high = 6", "rounds.final.panel.drop_low", "fewer drops than 7"),
    ("drop_high = 1", "drop_high = 1.5", "rounds.final.panel.drop_high", "whole number"),
    ("drop_high = 1", "drop_high = true", "rounds.final.panel.drop_high", "found true"),
    ("min_marks = 5", "min_marks = 2", "rounds.final.panel.min_marks", "from 3 to 7"),
    ("min_marks = 5", 'factor_round = { decimals = 1, mode = "up" }', "rounds.final.panel.factor_round", "factors"),
    ("min_marks = 5", "factors = { content = 2 }", "rounds.final.panel.factors", 'of = "criteria"'),
    ("min_marks = 5", "by_size = { 9 = { drop_high = 0 } }", "rounds.final.panel.by_size.9", "from 1 to 7"),
    ("min_marks = 5", "by_size = { 2 = {} }", "rounds.final.panel.by_size.2.drop_low", "fewer drops than 2"),
    ('take = "mean"', 'take = "maen"', "rounds.final.panel.take", "perhaps mean"),
    ('take = "mean"', "", "rounds.final.panel.take", "nothing found"),
    ('round = { decimals = 2, mode = "half_up" }', "", "rounds.final.panel.round", "rounding step"),
    ('mode = "half_up"', 'mode = "HALF_UP"', "rounds.final.panel.round.mode", "half_up"),
    ("decimals = 2", "decimals = 7", "rounds.final.panel.round.decimals", "from 0 to 6"),
    ("max = 30", "max = nan", "criteria.content.max", "found NaN"),
    ("max = 30", "max = inf", "criteria.content.max", "found Infinity"),
    ("max = 30", "max = 1e999", "criteria.content.max", "found 1E+999"),
    ("max = 30", "max = 1e-30", "criteria.content.max", "at most 6 decimals"),
    ("max = 30", "max = 0", "criteria.content.max", "above 0"),
    ("max = 30", 'max = "30"', "criteria.content.max", 'found "30"'),
    ("max = 30", "max = 0x" + "f" * 5000, "criteria.content.max", "found 9…9"),
    ("max = 30", "max = 2026-05-16", "criteria.content.max", "2026-05-16"),
    ("step = 0.01", "step = 0", "criteria.content.step", "divides"),
    ("step = 0.01", "step = 0.07", "criteria.content.step", "divides"),
    ("band_step = 0.5", "band_step = 0.005", "criteria.content.band_step", "multiple of 0.01"),
    ("from = 27", "from = 17", "criteria.content.bands[1].from", "best band first"),
    ("from = 0", "from = 1", "criteria.content.bands[3].from", "begin at 0"),
    ("from = 27", "from = 27, to = 30", "criteria.content.bands[0].to", "known are title, from, at"),
    ('{ zh = "内容陈述", en = "Content" }', '{ zh = "内容陈述" }', "criteria.content.title.en", "nothing found"),
    ('{ zh = "内容陈述", en = "Content" }', '"a\\nb"', "criteria.content.title", "line breaks"),
    ("choices = [-1]", "choices = [1]", "adjustments.quiz.choices[0]", "at most 0"),
    ("sum_min = -2", "sum_min = 2", "adjustments.quiz.sum_min", "not above 0"),
    ("sum_min = -2", 'family = "time"', "rounds.final.families", "families.time"),
    ("sum_min = -2", 'apply = "multiply"', "adjustments.quiz.min", "factor from 0 to 1000"),
    ('"presence", "random"]', '"presence", "radnom"]', "rounds.final.criteria[3]", "perhaps random"),
    ('"presence", "random"]', '"presence", "content"]', "rounds.final.criteria[3]", "only once"),
    ('["content", "delivery", "presence", "random"]', "[]", "rounds.final.criteria", "not empty"),
    (
        '{ adjust = ["quiz", "time_own", "time_random"] }',
        '{ adjust = ["quizz"] }',
        "rounds.final.after[0].adjust[0]",
        "quiz",
    ),
    ("{ floor = 0 }", "{ floor = 0, ceiling = 3 }", "rounds.final.after[1]", "exactly one"),
    ("{ floor = 0 }", '{ adjust = ["quiz"] }', "rounds.final.after[1].adjust", "only once"),
    ("{ floor = 0 }", "7", "rounds.final.after[1]", "a table"),
    ('{ by = "lots" }', '{ by = "lot" }', "rounds.final.tie_break[1].by", "perhaps lots"),
    ('{ by = "lots" }', '{ by = "lots", of = "all" }', "rounds.final.tie_break[1].of", "expected one of by"),
    ('{ by = "lots" }', '{ by = "score", round = "final" }', "rounds.final.tie_break[1].round", "another round"),
    ('{ by = "lots" }', '{ by = "marks", of = "sum" }', "rounds.final.tie_break[1].of", "all, counted"),
    ('{ by = "lots" }', '{ by = "criterion", criterion = "own" }', "rounds.final.tie_break[1].criterion", "content"),
    ('{ by = "lots" }', '{ by = "adjustment" }', "rounds.final.tie_break[1].kind", "nothing found"),
    ("[rounds.final]", '[rounds."fin al"]', 'rounds."fin al"', "letters, digits"),
    ("[rounds.final.panel]", "[rounds.final.divisions.x.pannel]", "rounds.final.divisions.x.pannel", "perhaps panel"),
    ("format = 1", "format = 2", "format", "format = 1"),
    ("format = 1", "format = true", "format", "format = 1"),
    ("format = 1", "", "format", "nothing found"),
    ("format = 1", "format = 1\nprizes = 3", "prizes", "known are format"),
    ('id = "second"', 'id = "first"', "awards[1].id", "each only once"),
    ('id = "second"', 'id = "zweiter Preis"', "awards[1].id", "letters, digits"),
    ('id = "second"', "", "awards[1].id", "nothing found"),
    ("share = 0.30", "share = 1.30", "awards[1].share", "above 0 and at most 1"),
    ("share = 0.30", "share = 0.95", "awards[1].share", "add up to at most 1"),
    ('share = 0.30\nrounding = "half_up"', "count = 0", "awards[1].count", "from 1 to"),
    ("share = 0.30", "count = 3\ntop = 3", "awards[1]", "exactly one of count, share, top, line, ratio, rest"),
    ("share = 0.30", "count = 3", "awards[1].rounding", "only beside share"),
    ('rounding = "half_up"', 'rounding = "nearest"', "awards[0].rounding", "half_up"),
    ('rounding = "half_up"', "", "awards[0].rounding", "nothing found"),
    ("rest = true", "rest = false", "awards[2].rest", "expected true"),
    ("rest = true", "rest = true\nround = 'finale'", "awards[2].round", "perhaps final"),
    ("rest = true", "rest = true\nper = 'school'", "awards[2].per", "division"),
    ("rest = true", "rest = true\nties = 'split'", "awards[2].ties", "extend, shrink"),
    ("rest = true", "rest = true\nmin_scores = 60", "awards[2].min_scores", "perhaps min_score"),
    ("rest = true", "rest = true\n[[awards]]\nid = 'x'\ntitle = 'X'\ncount = 1", "awards[3].id", "takes the rest"),
    ('zh = "三等奖"', f'zh = "{"奖" * 101}"', "awards[2].title", "at most 100 characters"),
    ("format = 1", "format = 1\nresult = { weights = { final = 1 } }", "result.weights", "several rounds"),
    ("format = 1", "format = 1\n[format]", "line 5, column 8", "Cannot overwrite"),
    ("format = 1", "format = ", "line 4, column 10", "Invalid value"),
]


@pytest.mark.parametrize(("old", "new", "key", "said"), WRONG, ids=[f"{n}-{w[2]}" for n, w in enumerate(WRONG)])
def test_a_wrong_file_is_refused_with_its_key(old, new, key, said):
    assert old in FULL
    with pytest.raises(RuleFileError) as caught:
        read_rules(FULL.replace(old, new, 1).encode(), "my.toml")
    line = str(caught.value)
    assert (caught.value.key, caught.value.source) == (key, "my.toml")
    assert line.startswith(f"my.toml: {key}: ") and said in line
    assert "\n" not in line and "\n" not in caught.value.in_("zh")


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        (
            'tie_break = [ { by = "panel", better = "higher" } ]',
            'tie_break = [ { by = "marks" } ]',
            "rounds.free.tie_break[0].by",
            "no whole-sheet marks",
        ),
        ("composition = 2", "compositon = 2", "rounds.free.panel.factors.compositon", "perhaps composition"),
        ("composition = 2", "composition = 0", "rounds.free.panel.factors.composition", "from 0 to 1000"),
        (
            "max = 0\n",
            'apply = "multiply"\nmin = 0.5\nmax = 1\n',
            "rounds.free.after[0].adjust",
            "after a multiplication",
        ),
        ("[rounds.free]", '[result]\nrounds = ["short"]\n[rounds.free]', "result.rounds[0]", "free"),
    ],
)
def test_a_wrong_per_criterion_file_is_refused_with_its_key(old, new, key, said):
    with pytest.raises(RuleFileError) as caught:
        read_rules(SKATING.replace(old, new, 1).encode())
    assert caught.value.key == key and said in str(caught.value)


def test_several_rounds_need_a_result_and_weights_a_rounding():
    two = next(block for block in BLOCKS if "weights" in block)
    for text, key in [
        (two[: two.index("[result]")], "result"),
        (two.replace('round = { decimals = 2, mode = "half_up" }\ntie_break', "tie_break"), "result.round"),
        (two.replace("final = 0.6", "finale = 0.6"), "result.weights.finale"),
        (two.replace(", final = 0.6", ""), "result.weights.final"),
        (two.replace('{ by = "score", round = "final" }', '{ by = "score" }'), "result.tie_break[0].round"),
    ]:
        assert text != two
        with pytest.raises(RuleFileError) as caught:
            read_rules(text.encode())
        assert caught.value.key == key
