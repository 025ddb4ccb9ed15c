"""The questions of a registration form in words."""

from __future__ import annotations

from flask_babel import gettext as _


def label(name: str) -> str:
    """A field's or a file slot's label, as every page and spreadsheet calls it."""
    words: dict[str, str] = {
        "name": _("姓名"), "reading": _("姓名读音"), "gender": _("性别"),
        "birth_date": _("出生日期"), "phone": _("手机"), "unit": _("单位"),
        "post": _("职务"), "division": _("参赛组别"), "title": _("讲解题目"),
        "delegation": _("推荐单位"), "teacher": _("指导老师"), "teacher_phone": _("指导老师手机"),
        "guardian": _("监护人"), "guardian_phone": _("监护人手机"), "portrait": _("肖像授权"),
        "truthful": _("真实性承诺"), "photo": _("选手照片"), "slides": _("讲解幻灯片"),
        "video": _("自我介绍视频"), "consent": _("监护人同意书"),
    }  # fmt: skip
    return str(words[name])


def gender(value: str) -> str:
    """A gender in words; nothing where it was not answered."""
    words: dict[str, str] = {"female": _("女"), "male": _("男")}
    return str(words.get(value, ""))
