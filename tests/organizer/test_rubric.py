"""The rules of marking: a draft that changes nothing until it is put in force; files, presets, two editors."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from contest.models import Role, RoundState
from settings import HERE
from tests import builders
from tests.builders import RULES
from tests.organizer.rubric_form import JSON, RUBRIC, form, stored

SKATING = (HERE / "examples/skating/men-free-skating.toml").read_text(encoding="utf-8")
BROKEN = RULES.decode().replace("drop_high", "drop_hihg")


@pytest.fixture
def organizer(as_role) -> FlaskClient:
    """A browser of the contest's organizer."""
    return as_role(Role.ORGANIZER)


def test_the_page_says_the_rules_in_words_and_tries_them(organizer):
    page = organizer.get(RUBRIC).text
    for words in ("内容陈述", "27–30", "自主命题不足 3:00：−2", "自主命题超过 4:10：−2", "比第 2 高分，逐个往下比",
                  "监督组见证抽签", "总分 = 100 ✓", "第 1 版，使用中", "换一种规则会怎样", "最终得分"):  # fmt: skip
        assert words in page, words
    assert 'href="/admin/contests/xinghe/rubric" aria-current="page"' in page


def test_the_form_saves_itself_as_a_draft_that_changes_nothing(app, organizer):
    answer = organizer.post(f"{RUBRIC}/draft", headers=JSON, data=form(organizer, **{
        "final-criterion-0-most": "25", "final-criterion-1-most": "35", "final-drop": "2", "final-ties": "criterion",
    }))  # fmt: skip
    told = answer.json
    assert (answer.status_code, told["differs"], told["bands"][0][0]) == (200, True, "23–25")
    assert told["ties"][0] == "比「内容陈述」"
    source, version = stored(app)
    assert (b"drop_high = 2" in source, version) == (True, 1)
    page = organizer.get(RUBRIC).text
    assert ("第 2 版草稿" in page, f'value="{told["tag"]}"' in page, "已自动保存" in page) == (True, True, True)


def test_saving_what_is_stored_already_begins_no_draft(app, organizer):
    answer = organizer.post(f"{RUBRIC}/draft", data=form(organizer), headers=JSON)
    assert (answer.status_code, answer.json["tag"], answer.json["differs"]) == (200, "", False)
    assert stored(app) == (None, 1)


@pytest.mark.parametrize("changed, where", [
    ({"final-criterion-0-most": "0"}, "final-criterion-0-most"),
    ({"final-judges": "4", "final-drop": "2"}, "final-judges"),
    ({"final-criterion-1-title": " "}, "final-criterion-1-title"), ({"final-drop": "9"}, "final-drop"),
    ({"final-criterion-0-most": "30.005"}, "final-criterion-0-most"), ({"final-judges": ""}, "final-judges"),
])  # fmt: skip
def test_what_does_not_fit_is_not_saved_and_is_said_at_its_field(app, organizer, changed, where):
    answer = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **changed), headers=JSON)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [where])
    page = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **changed))
    assert (page.status_code, stored(app)) == (422, (None, 1))
    assert answer.json["errors"][where] in page.text


def test_rows_are_added_moved_and_removed_without_a_script(app, organizer):
    page = organizer.post(f"{RUBRIC}/draft", data=form(organizer, act="add"))
    assert ('name="final-criterion-4-title"' in page.text, stored(app)) == (True, (None, 1))
    organizer.post(f"{RUBRIC}/draft", data=form(organizer, act="down:0"))
    organizer.post(f"{RUBRIC}/draft", data=form(organizer, act="remove:3"))
    source, _version = stored(app)
    assert re.findall(rb"criteria = (.*)", source) == [b'["delivery", "content", "presence"]']


def test_a_new_criterion_never_takes_the_code_of_one_that_has_counted(app, organizer):
    new = {"final-criterion-4-title": "互动", "final-criterion-4-most": "5", "final-criterion-4-code": ""}
    first = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **new), headers=JSON).json
    assert first["codes"][4] == "final_1"
    organizer.post(f"{RUBRIC}/force", data={"seen": first["tag"]})
    organizer.post(f"{RUBRIC}/draft", data=form(organizer, act="remove:4"))
    again = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **new), headers=JSON).json
    assert again["codes"][4] == "final_2"


def test_a_second_editor_is_told_and_keeps_what_was_typed(app, organizer):
    early = form(organizer, **{"final-criterion-0-hint": "我的说明"})
    organizer.post(f"{RUBRIC}/draft", data=form(organizer, **{"final-judges": "9"}), headers=JSON)
    answer = organizer.post(f"{RUBRIC}/draft", data=early, headers=JSON)
    assert (answer.status_code, answer.json["moved"]) == (409, True)
    page = organizer.post(f"{RUBRIC}/draft", data=early)
    assert (page.status_code, "我的说明" in page.text, "刚才也改了这份草稿" in page.text) == (409, True, True)
    assert b"size = 9" in stored(app)[0]
    assert "我的说明" not in organizer.get(RUBRIC).text


def test_a_rule_file_is_typed_or_uploaded_and_looked_at_by_its_content(app, organizer):
    answer = organizer.post(f"{RUBRIC}/file", data={"text": SKATING, "seen": ""}, headers=JSON)
    assert (answer.status_code, "滑行技术" in answer.json["described"]) == (200, True)
    page = organizer.get(RUBRIC).text
    assert ("这里只能看" in page, "rubric-form" in page, "每个评分项各自去分" in page) == (True, False, True)
    upload = {"file": (io.BytesIO(RULES.replace(b"size = 7", b"size = 9")), "我的规则.txt"), "seen": answer.json["tag"]}
    assert organizer.post(f"{RUBRIC}/file", data=upload).status_code == 303
    assert b"size = 9" in stored(app)[0]
    assert organizer.get(f"{RUBRIC}/rules.toml").data == stored(app)[0]
    assert organizer.get(f"{RUBRIC}/versions/1.toml").data == RULES


@pytest.mark.parametrize("text, said", [
    (BROKEN, "drop_hihg"), ("format = = 1", "line 1, column 10"), ("", "format"),
    ("#" * (128 * 1024 + 1), "128 KB"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_said_in_one_line_and_stays_as_typed(app, organizer, text, said):
    answer = organizer.post(f"{RUBRIC}/file", data={"text": text}, headers=JSON)
    assert (answer.status_code, said in answer.json["errors"]["text"]) == (422, True)
    assert "\n" not in answer.json["errors"]["text"]
    page = organizer.post(f"{RUBRIC}/file", data={"text": text})
    assert (page.status_code, stored(app)) == (422, (None, 1))
    if text == BROKEN:
        assert "drop_hihg = 1" in page.text


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"PK\x03\x04" + b"\0" * 50, b"x" * 200_000])
def test_an_upload_that_is_no_rule_file_is_refused_whatever_it_is_called(app, organizer, data):
    page = organizer.post(f"{RUBRIC}/file", data={"file": (io.BytesIO(data), "rules.toml")})
    assert (page.status_code, stored(app)) == (422, (None, 1))


def test_a_preset_takes_the_drafts_place(app, organizer):
    assert organizer.post(f"{RUBRIC}/preset", data={"preset": "../demo/rules"}).status_code == 422
    assert organizer.post(f"{RUBRIC}/preset", data={"preset": "lecture-preliminary"}).status_code == 303
    assert b"[rounds.preliminary]" in stored(app)[0]
    page = organizer.get(RUBRIC).text
    assert "评分规则 · 初赛" in page.replace("\n", "")


def test_a_draft_is_put_in_force_once_before_the_first_mark(app, organizer):
    tag = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **{"final-judges": "9"}), headers=JSON).json["tag"]
    assert organizer.post(f"{RUBRIC}/force", data={"seen": "other"}).status_code == 409
    assert organizer.post(f"{RUBRIC}/force", data={"seen": tag}).status_code == 303
    assert stored(app) == (None, 2)
    assert organizer.post(f"{RUBRIC}/force", data={"seen": tag}).status_code == 409
    assert stored(app) == (None, 2)


def test_rules_that_leave_out_a_round_with_an_order_are_not_put_in_force(app, organizer):
    organizer.post(f"{RUBRIC}/preset", data={"preset": "lecture-preliminary"})
    tag = re.findall(r'name="seen" value="([^"]+)"', organizer.get(RUBRIC).text)[0]
    page = organizer.post(f"{RUBRIC}/force", data={"seen": tag})
    assert (page.status_code, "不能去掉" in page.text, stored(app)[1]) == (409, True, 1)


def test_after_the_first_mark_the_draft_goes_on_but_is_not_put_in_force(app, organizer):
    builders.give_sheets(app, builders.appearances(app)[0], seats=[1])
    tag = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **{"final-judges": "9"}), headers=JSON).json["tag"]
    page = organizer.get(RUBRIC).text
    assert ("首位选手得分后再改规则，会另存为新版本" in page, f"{RUBRIC}/force" in page) == (True, False)
    assert f'href="{RUBRIC}/change"' in page
    assert organizer.post(f"{RUBRIC}/force", data={"seen": tag}).status_code == 409
    assert stored(app)[1] == 1


def test_a_draft_is_discarded_as_it_was_seen(app, organizer):
    tag = organizer.post(f"{RUBRIC}/draft", data=form(organizer, **{"final-judges": "9"}), headers=JSON).json["tag"]
    assert organizer.post(f"{RUBRIC}/drop", data={"seen": "old"}).status_code == 409
    assert organizer.post(f"{RUBRIC}/drop", data={"seen": tag}).status_code == 303
    assert stored(app) == (None, 1)


def test_a_draft_begun_from_an_older_version_says_so(app, organizer):
    organizer.post(f"{RUBRIC}/draft", data=form(organizer, **{"final-judges": "9"}), headers=JSON)
    organizer.post("/admin/contests/xinghe/setup/rounds", data={"rounds": "final", "division-0": "少年组"})
    assert "这份草稿是从第 1 版改起的，后来启用了第 2 版" in organizer.get(RUBRIC).text


def test_several_rounds_have_a_page_each_and_keep_each_other(app, organizer):
    slug = builders.make_contest(app, slug="empty", entries=0, state=RoundState.DRAFT)
    client = builders.client_of(app, builders.make_account(app, "two", Role.ORGANIZER, contest=slug))
    client.post(f"/admin/contests/{slug}/setup/rounds", data={"rounds": "two", "advances": "20"})
    page = client.get(f"/admin/contests/{slug}/rubric?round=final")
    assert (page.status_code, "round=preliminary" in page.text) == (200, True)
    assert client.get(f"/admin/contests/{slug}/rubric?round=nothing").status_code == 200


@pytest.mark.parametrize("role", [None, Role.SCOREKEEPER, Role.CHIEF])
def test_only_organizers_enter(as_role, role):
    client = as_role(role)
    assert client.get(RUBRIC).status_code in (403, 404)
    for act in ("draft", "file", "preset", "force", "drop", "trial"):
        assert client.post(f"{RUBRIC}/{act}").status_code in (403, 404)
