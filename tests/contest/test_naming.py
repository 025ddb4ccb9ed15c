"""Names as people paste them: what cannot be seen goes, what can be seen stays, rare characters above all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import TextRefused
from contest.naming import clean, clean_line, clean_paragraphs

RARE = "㛃䶮𠅤𬭎𫍯𣲗㐂〇·"


@pytest.mark.parametrize("typed, kept", [
    ("\u202e沈知遥\u202c", "沈知遥"),
    ("沈\u200b知\ufeff遥\u2066", "沈知遥"),
    (" 沈 知\u3000\u3000遥\t\n", "沈 知 遥"),
    ("沈知遥\x00\x07", "沈知遥"),
    ("阿依努尔·艾山", "阿依努尔·艾山"),
    ("Jose\u0301", "José"),
    (RARE, RARE),
])  # fmt: skip
def test_what_cannot_be_seen_is_taken_out(typed, kept):
    assert clean(typed) == kept


def test_a_compatibility_ideograph_is_a_character_of_its_own():
    assert clean("\uf92c\U0002f800") == "\uf92c\U0002f800"


def test_a_variation_selector_keeps_the_shape_it_chose():
    assert clean("辻\U000e0100") == "辻\U000e0100"


def test_a_character_newer_than_python_is_no_mistake():
    assert clean("𱍐某") == "𱍐某"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


def test_a_line_says_which_field_is_empty_or_how_much_too_long():
    assert clean_line(" 月球的土 ", field="title", most=20) == "月球的土"
    with pytest.raises(TextRefused) as empty:
        clean_line("\u200b ", field="title")
    assert empty.value.args_ == {"field": "title", "why": "empty"}
    with pytest.raises(TextRefused) as long:
        clean_line("月" * 22, field="title", most=20)
    assert long.value.args_ == {"field": "title", "why": "too_long", "most": 20, "found": 22}
    assert clean_line("", field="post", needed=False) == ""


def test_paragraphs_keep_their_lines_and_lose_empty_ones_in_a_row():
    assert clean_paragraphs("一\r\n\r\n\r\n\r\n二\u200b ", field="summary") == "一\n\n二"
    with pytest.raises(TextRefused):
        clean_paragraphs("月" * 11, field="summary", most=10)
