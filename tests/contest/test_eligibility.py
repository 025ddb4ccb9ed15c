"""What stands in the way of submitting a form: what is missing, what is wrong, and what is right however written."""

from __future__ import annotations

import pytest

from contest import eligibility, registering
from tests.builders import NOW
from tests.contest.forms import GOOD, codes, form, open_contest, ready, save

__all__ = ["form", "open_contest", "ready"]  # fixtures


def test_an_empty_form_lacks_what_everybody_must_answer(db, form):
    assert codes(db, form) == [
        ("name", "empty"), ("birth_date", "empty"), ("phone", "empty"), ("unit", "empty"), ("title", "empty"),
        ("photo", "no_file"), ("portrait", "empty"), ("truthful", "empty"),
    ]  # fmt: skip


@pytest.mark.parametrize("field, typed, code", [
    ("name", "·", "no_name"), ("name", "名" * 61, "too_long"), ("birth_date", "2008-02-30", "no_date"),
    ("birth_date", "三月四日", "no_date"), ("birth_date", "2030-01-01", "not_lived"),
    ("birth_date", "1008-03-04", "not_lived"), ("birth_date", "2022-03-04", "too_young"),
    ("birth_date", "1950-03-04", "too_old"), ("phone", "1380013800", "phone_length"),
    ("phone", "23800138000", "no_phone"), ("phone", "我的手机", "no_phone"), ("title", "长" * 21, "too_long"),
    ("gender", "x", "not_listed"), ("teacher_phone", "123", "phone_length"),
])  # fmt: skip
def test_what_is_wrong_with_an_answer_is_named(db, ready, field, typed, code):
    ready.contest.min_age, ready.contest.max_age = 6, 60
    save(db, ready, {field: typed})
    assert (field, code) in codes(db, ready)


@pytest.mark.parametrize("field, typed", [
    ("name", "阿依努尔·艾山"), ("name", "㛃䶮𠅤𬭎"), ("name", "Anna O'Neil"), ("birth_date", "20080304"),
    ("birth_date", "2008年3月4日"), ("birth_date", "２００８/3/4"), ("phone", "138 0013-8000"),
    ("phone", "+86 13800138000"), ("phone", "+852 91234567"), ("title", "长" * 20),
])  # fmt: skip
def test_what_is_right_is_taken_however_it_is_written(db, ready, field, typed):
    save(db, ready, {field: typed})
    assert codes(db, ready) == []


def test_the_lengths_that_are_told_are_what_the_writer_counts(db, ready):
    save(db, ready, {"title": "\u200b" + "长" * 22})
    fault = registering.problems(db, ready, now=NOW)[0]
    assert (fault.page, dict(fault.args)) == (2, {"most": 20, "found": 22})


def test_a_division_is_asked_for_where_the_rules_have_divisions(db, form):
    plain = eligibility.form_of(db, form.contest, now=NOW)
    assert not plain.asks("division")
    divided = eligibility.Form({"junior": None}, (), plain.day, plain.today, None, None)  # type: ignore[dict-item]
    found = {(fault.field, fault.code) for fault in eligibility.faults(divided, GOOD | {"division": "senior"})}
    assert found == {("division", "not_listed")}
