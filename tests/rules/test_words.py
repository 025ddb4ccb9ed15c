"""The words of steps and errors: both languages have the same keys and placeholders, and every code has words."""

import ast
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from contest.rules import Status, Step, say
from contest.rules.numbers import RoundingMode
from contest.rules.saying import fill, words
from contest.rules.shape import Take, TieBy
from contest.rules.shape_attempts import AttemptsTake
from contest.rules.shape_sheet import NormaliseBy
from tests.rules.making import PROJECT

SOURCES = sorted((PROJECT / "contest" / "rules").glob("*.py"))
BUILT = {
    *(
        f"{what}_{take}_{side}"
        for what in ("panel", "places", "component", "factored")
        for take in Take
        if take is not Take.MAJORITY
        for side in ("both", "high", "low", "all")
    ),
    *(f"rounded_{mode}" for mode in RoundingMode),
    *(f"award_{what}_{mode}" for what in ("share", "share_free", "share_entries", "ratio", "ratio_entries")
      for mode in RoundingMode),
    *(f"award_{size}" for size in ("count", "top", "rest")),
    *(f"award_{what}" for what in ("extended", "shrunk", "broken", "lots")),
    *(
        f"{prefix}_{what}{suffix}"
        for prefix in ("by", "same")
        for suffix in ("", "_in")
        for what in ("marks", "counted", "criterion", "panel", "adjustment", "penalties", "penalty_number",
            "median", "firsts", "reciprocals", "rank_sum", "head_to_head", "tiebreak_judge", "group", "unrounded",
            "measured", "measured_other", "attempt", "low_marks")
    ),
    *(f"normalised_{by}" for by in NormaliseBy if by is not NormaliseBy.RANK_MEAN),
    *(f"{what}_mean_merged" for what in ("panel", "places", "component", "factored")),
    *(f"dance_{rule}" for rule in ("majority", "count", "total", "further", "shared")),
    "dances_rule_10",
    "dances_rule_11",
    "single_mark",
    *(f"{marks}_{way}" for marks in ("few_marks", "equal_marks") for way in ("shifted", "unadjusted")),
    "ranked_by_judge",
    "ranked_capped",
    *(f"attempts_{take}" for take in AttemptsTake),
    *(f"attempts_{take}_best" for take in (AttemptsTake.SUM, AttemptsTake.MEAN)),
    "attempts_missing",
    "attempts_left_out",
    "attempts_zero",
    "by_score",
    "by_round_rank",
    "same_round_rank",
    *(f"advance_share_{mode}" for mode in RoundingMode),
    *(f"advance_{what}" for what in ("extended", "shrunk", "broken", "lots", "ruled_in", "ruled_out")),
    "missed_round_leave_out",
    "missed_round_zero",
    "same_score",
    "by_lots",
    "same_lots",
    "withdrawn",
    "disqualified",
    "void",
    "recused",
    "absent",
}


def placeholders(template: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", template))


def test_both_languages_have_the_same_keys():
    assert {s: set(keys) for s, keys in words("zh").items()} == {s: set(keys) for s, keys in words("en").items()}


@pytest.mark.parametrize("section", [name for name in words("zh") if name != "ordinal"])
def test_both_languages_fill_the_same_placeholders(section):
    assert {key: placeholders(text) for key, text in words("zh")[section].items()} == {
        key: placeholders(text) for key, text in words("en")[section].items()
    }


def calls(*names: str) -> Iterator[ast.Call]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    yield node


def literals(node: ast.AST) -> set[str]:
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_step_has_words_and_every_word_a_step():
    written = {code for call in calls("Step") for code in literals(call.args[0])} | BUILT | {"added", "deducted"}
    written |= {"floored", "ceiled"}
    assert written == set(words("zh")["step"])


def test_every_refusal_has_words():
    at = {"RuleFileError": 3, "FolderError": 4, "fail": 2, "MarkError": 0, "value": 1}
    written = {
        code
        for name, index in at.items()
        for call in calls(name)
        if len(call.args) > index
        for code in literals(call.args[index])
    }
    assert written - set(words("en")["expected"]) == set()
    assert len(written) > 40


def test_every_status_has_words():
    assert set(words("zh")["status"]) == set(Status)


def test_every_way_to_break_a_tie_has_words():
    assert {by for by in TieBy if f"by_{by}" not in words("zh")["step"]} == set()


def test_numbers_lists_and_ordinals_are_said_in_each_language():
    step = Step("by_marks", {"rank": 2, "own": Decimal("91.00"), "others": [["12", Decimal("90.50")]]})
    assert (say(step, "zh"), say(step, "en")) == ("比较评委第二高分 91.00 > 90.50", "2nd-highest mark 91.00 > 90.50")
    assert fill("{n:ordinal}", {"n": 23}, "en") == "23th-highest"
    with pytest.raises(ValueError, match="no words"):
        words("fr")
