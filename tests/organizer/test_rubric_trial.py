"""The trial beside the rules of marking: the published result, other rules, ties, absences, any rule file."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from contest.models import Role
from settings import HERE
from tests.organizer.rubric_form import JSON, MARKS, RUBRIC, form, stored, trial


@pytest.fixture
def organizer(as_role) -> FlaskClient:
    """A browser of the contest's organizer."""
    return as_role(Role.ORGANIZER)


def test_the_published_marks_give_the_published_result_in_both_languages(app, organizer):
    answer = trial(organizer, **MARKS, **{"v-0-0": "1", "v-0-1": "4:06", "v-0-2": "1:52"}).json
    assert answer["score"] == "88.20"
    assert answer["story"]["zh"] == (
        "去掉最高分 95.00、最低分 82.50，其余 5 位平均 89.20；科技常识答错扣 1.00；最终 88.20"
    )
    assert answer["story"]["en"].startswith("highest 95.00 and lowest 82.50 dropped")
    assert answer["dropped"] == [
        {"judge": 3, "criterion": None, "side": "high"}, {"judge": 5, "criterion": None, "side": "low"}
    ]  # fmt: skip
    assert answer["compared"] == [
        {"title": "不去分", "score": "88.07", "delta": "-0.13"},
        {"title": "去 2 高 2 低", "score": "88.17", "delta": "-0.03"},
        {"title": "取中位数", "score": "88.00", "delta": "-0.20"},
    ]
    steps = [(step["text"], step["value"]) for step in answer["steps"]]
    assert steps[0] == ("91.00 + 88.50 + 89.00 + 90.00 + 87.50", "446.00")
    assert ("科技常识答错扣 1.00", "−1.00") in steps
    assert ("自主命题用时 4:06，不扣分", "−0") in steps
    assert stored(app) == (None, 1)


def test_the_clock_proposes_what_a_time_costs(organizer):
    fields = {**MARKS, "v-0-0": "0", "v-0-1": "4:11", "v-0-2": "0:59"}
    assert trial(organizer, **fields).json["score"] == "85.20"
    assert trial(organizer, **fields | {"v-0-1": "2:59", "v-0-2": "2:10"}).json["score"] == "87.20"


def test_a_trial_by_the_form_as_it_stands_needs_no_saving(app, organizer):
    fields = form(organizer, **{"final-drop": "0"}) | MARKS | {"source": "form", "v-0-0": "1"}
    assert trial(organizer, **fields).json["score"] == "88.07"
    assert stored(app) == (None, 1)


def test_a_trial_works_as_a_plain_form_too(organizer):
    page = organizer.post(f"{RUBRIC}/trial", data=MARKS | {"v-0-0": "1"})
    assert (page.status_code, "88.20" in page.text, 'value="91.00"' in page.text) == (200, True, True)


@pytest.mark.parametrize("act, wanted", [("random", 1), ("tie", 2), ("absent", 1), ("one", 1)])
def test_the_buttons_make_up_marks_ties_and_absences(organizer, act, wanted):
    answer = trial(organizer, act=act).json
    assert (len(answer["entries"]), "marks" in answer) == (wanted, True)
    if act == "tie":
        assert {each["place"] for each in answer["entries"]} == {1, 2}
        assert "比较评委第二高分" in answer["entries"][0]["story"]
    if act == "absent":
        assert "评委 7 缺席" in answer["story"]["zh"]


def test_an_empty_mark_waits_and_is_no_zero(organizer):
    answer = trial(organizer, **MARKS | {"m-0-2-s": ""}).json
    assert (answer["score"], answer["status"]) == (None, "incomplete")


@pytest.mark.parametrize("fields, name", [
    ({"m-0-1-s": "101"}, "m-0-1-s"), ({"m-0-7-s": "NaN"}, "m-0-7-s"), ({"m-0-1-s": "1e9"}, "m-0-1-s"),
    ({"v-0-1": "soon"}, "v-0-1"), ({"v-0-0": "-3"}, "v-0-0"), ({"by": "criterion", "m-0-1-0": "31"}, "m-0-1-0"),
])  # fmt: skip
def test_what_cannot_be_tried_is_said_at_its_field(organizer, fields, name):
    answer = trial(organizer, **fields)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [name])


def test_marks_by_criterion_are_added_up(organizer):
    fields = {f"m-0-{judge}-{at}": mark for judge in range(1, 8) for at, mark in enumerate(("27", "26.5", "8", "25"))}
    assert trial(organizer, by="criterion", **fields).json["score"] == "86.50"


@pytest.mark.parametrize("file", ["docs/rules.md"])
def test_every_rule_file_of_the_manual_can_be_described_and_tried(organizer, file):
    found = re.findall(r"```toml\n(format = 1\n.*?)```", (HERE / file).read_text(encoding="utf-8"), re.S)
    assert len(found) > 4
    for text in found:
        answer = trial(organizer, source="file", text=text)
        assert (answer.status_code, answer.json.get("errors")) == (200, None), text
        tag = re.findall(r'name="seen" value="([^"]*)"', organizer.get(f"{RUBRIC}?view=file").text)[0]
        saved = organizer.post(f"{RUBRIC}/file", data={"text": text, "seen": tag}, headers=JSON)
        assert saved.status_code == 200, saved.json
        assert organizer.get(RUBRIC).status_code == 200
        assert organizer.get(f"{RUBRIC}?lang=en").status_code == 200


def test_switching_between_sums_and_criteria_keeps_what_was_typed(organizer):
    answer = trial(organizer, **MARKS, by="criterion").json
    assert answer["score"] == "89.20"
    cells = dict(re.findall(r'name="(m-0-1-\d)" value="([^"]+)"', answer["marks"]))
    assert sum(map(Decimal, cells.values())) == 91
    cells |= {f"m-0-{judge}-{at}": "20" for judge in range(2, 8) for at in range(3)}
    back = trial(organizer, by="sheet", **cells).json
    assert 'name="m-0-1-s" value="91"' in back["marks"]


@pytest.mark.parametrize("path", sorted((HERE / "examples").rglob("rules.toml")), ids=lambda path: path.parent.name)
def test_every_example_can_be_described_and_tried(organizer, path):
    answer = trial(organizer, source="file", text=path.read_text(encoding="utf-8"))
    assert (answer.status_code, answer.json.get("errors"), answer.json["status"]) == (200, None, None), answer.json
    assert answer.json["score"] is not None
