"""The questions of a form's page as the template shows them: label, kind, keyboard, value as typed, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from contest.answers import FIELDS, Answers
from contest.eligibility import Fault, Form
from contest.models import Slot
from web import fields
from web.uploads import MEGABYTE, Kind
from web.words import language


@dataclass(frozen=True)
class Question:
    """One row of the form. `theirs` is what another device typed meanwhile, where it differs."""

    name: str
    kind: str
    label: str
    value: str
    hint: str
    needed: bool
    locked: bool
    options: tuple[tuple[str, str], ...]
    attributes: Mapping[str, str]
    fault: Fault | None
    theirs: str | None


# What the phone offers while one types: its keyboard, and what its owner has typed elsewhere.
ATTRIBUTES: dict[str, dict[str, str]] = {
    "name": {"autocomplete": "name", "enterkeyhint": "next"},
    "reading": {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"},
    "birth_date": {"inputmode": "numeric", "autocomplete": "bday", "placeholder": "2012-03-04"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "unit": {"autocomplete": "organization"},
    "post": {"autocomplete": "organization-title"},
    "title": {"autocomplete": "off"},
    "teacher_phone": {"inputmode": "tel", "autocomplete": "off"},
    "guardian_phone": {"inputmode": "tel", "autocomplete": "off"},
}
KINDS = {Slot.PHOTO: {Kind.IMAGE}, Slot.SLIDES: {Kind.SLIDES, Kind.PDF}, Slot.VIDEO: {Kind.VIDEO}}
MOST = {Slot.PHOTO: 15 * MEGABYTE, Slot.SLIDES: 40 * MEGABYTE, Slot.VIDEO: 200 * MEGABYTE}
LISTED = ("gender", "division", "delegation")
GUARDIAN = ("guardian", "guardian_phone")
TICKED = ("portrait", "truthful")


def of_page(
    form: Form, page: int, given: Answers, *, unlocked: Iterable[str], faults: Iterable[Fault] = (),
    theirs: Mapping[str, str] | None = None,
) -> list[Question]:  # fmt: skip
    """The questions of a page. Without faults none is marked; a guardian is asked for where one has to agree."""
    open_ = set(unlocked)
    wrong = {fault.field: fault for fault in reversed(list(faults))}
    return [
        Question(
            name, kind_of(form, name), fields.label(name), given.get(name, ""), hint(form, name),
            form.needs(name, given), name not in open_, options(form, name),
            {"autocomplete": "off"} | ATTRIBUTES.get(name, {}), wrong.get(name), (theirs or {}).get(name),
        )
        for name, field in FIELDS.items()
        if field.page == page and form.asks(name) and (name not in GUARDIAN or name in given or form.is_child(given))
    ]  # fmt: skip


def kind_of(form: Form, name: str) -> str:
    """How a question is answered: "text", "list", "tick" or "long" (a line that may break)."""
    if name == "delegation" and not form.delegations:
        return "text"
    return "list" if name in LISTED else "tick" if name in TICKED else "long" if name == "title" else "text"


def options(form: Form, name: str) -> tuple[tuple[str, str], ...]:
    """What a list offers, as value and word."""
    if name == "gender":
        return tuple((value, fields.gender(value)) for value in ("female", "male"))
    if name == "division":
        return tuple((code, text.in_(language())) for code, text in form.divisions.items())
    return tuple((each, each) for each in form.delegations) if name == "delegation" else ()


def hint(form: Form, name: str) -> str:
    """A word of help under a question; empty where it explains itself."""
    words: dict[str, str] = {
        "name": _("与身份证一致，证书上就这样写"),
        "reading": _("生僻字、少数民族姓名请写，主持人照着念"),
        "birth_date": _("年月日 8 位数字，例如 20120304"),
        "phone": _("只用于赛事联系，不会公开"),
        "title": _("最多 20 字，不用写书名号"),
        "portrait": _("同意主办方在本次赛事的现场、报道和成绩公布中使用参赛照片和影像。"),
        "truthful": _("以上内容真实，讲解作品为本人创作，没有侵犯他人权利。"),
        "guardian": _("选手未满 14 周岁时必须填写"),
        "delegation": _("没有推荐单位可以不填") if not form.delegations else "",
    }
    return str(words.get(name, ""))


def shown(form: Form, name: str, value: str) -> str:
    """An answer as a person reads it on the check page."""
    words = dict(options(form, name))
    if name in TICKED:
        return str(_("已同意")) if value else ""
    return words.get(value, value)


def slot_words(slot: str) -> dict[str, object]:
    """What is said beside a file slot, and what the file dialog offers."""
    accept, when, about = {
        "photo": ("image/jpeg,image/png,image/webp", "", _("正面清晰近照，JPG 或 PNG，至少 600×800，15 MB 以内")),
        "slides": (".pptx,.pdf", _("可提交后再传"), _("PPTX 或 PDF，40 MB 以内")),
        "video": ("video/mp4", _("选填"), _("MP4，20 秒左右，横屏 16:9，200 MB 以内")),
    }[slot]
    return {"accept": accept, "when": when, "hint": about, "most": MOST[Slot(slot)]}
