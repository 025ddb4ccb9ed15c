"""What is said about a registration form: why it is closed, and what is to be mended before it is submitted."""

from __future__ import annotations

from flask_babel import gettext as _

from contest.eligibility import Fault
from web import fields
from web.sentences.shape import Args, Table


def _closed(args: Args) -> str:
    words: dict[str, str] = {
        "before": _("报名还没有开始，请到时间再来。"),
        "closed": _("报名已经截止，没有做任何改动。已保存的草稿仍可查看；确有特殊情况，请联系组委会。"),
        "full": _("名额已满，没有提交。草稿已保存；如有名额空出，截止前仍可提交。"),
        "submitted": _("报名已提交，正在等待审核。要修改，请先在「我的参赛」里点「修改报名」。"),
        "draft": _("这份报名已经是草稿，可以直接修改。"),
        "returned": _("这份报名已退回，请按退回的原因修改。"),
        "approved": _("报名已通过审核，不能再改。要更正，请联系组委会。"),
        "withdrawn": _("这份报名已撤回，不能再改。"),
    }
    return str(words[str(args["why"])])


SENTENCES: Table = {
    "registration_closed": _closed,
    "field_locked": lambda a: _(
        "「%(field)s」现在不能修改：组委会只请您修改退回时指出的几项。", field=fields.label(str(a["field"]))
    ),
    "answers_changed": lambda a: _("另一台设备刚刚改过这份报名，没有覆盖。请刷新页面后再改。"),
    "not_ready": lambda a: _("还有 %(count)s 处需要补充或修改，报名没有提交。", count=a["count"]),
}


def fault(found: Fault) -> str:
    """What is wrong with one answer, and what is right: the same words on top of a page and at the field."""
    args = dict(found.args)
    words: dict[str, str] = {
        "too_long": _("最多 %(most)s 字，您写了 %(found)s 字", **_args(args, "most", "found")),
        "no_name": _("这里要写姓名，请用文字填写"),
        "no_date": _("应为 2012-03-04 这样的日期，也可以写 20120304"),
        "not_lived": _("这个日期不可能是出生日期，请检查年份"),
        "too_young": _("比赛当天满 %(limit)s 周岁才能参加，按此日期为 %(age)s 周岁", **_args(args, "limit", "age")),
        "too_old": _("比赛当天不超过 %(limit)s 周岁才能参加，按此日期为 %(age)s 周岁", **_args(args, "limit", "age")),
        "phone_length": _("应为 11 位，您输入了 %(found)s 位", **_args(args, "found")),
        "no_phone": _("请填写 11 位手机号，境外号码以 + 和国家码开头"),
        "not_listed": _("请从列表里选一项"),
        "no_file": _("还没有上传"),
        "no_consent": _("未满 14 周岁，需要监护人同意"),
        "quota_full": _("这个单位的 %(quota)s 个名额已满，请联系推荐单位", **_args(args, "quota")),
    }
    return str(_empty(found.field) if found.code == "empty" else words[found.code])


def in_summary(found: Fault) -> str:
    """The same words with the question's label before them, for the list on top of a page."""
    return str(_("%(label)s：%(words)s", label=fields.label(found.field), words=fault(found)))


def _empty(name: str) -> str:
    words: dict[str, str] = {
        "portrait": _("请勾选，同意后才能提交"), "truthful": _("请勾选，同意后才能提交"),
        "division": _("请选择参赛组别"), "guardian": _("未满 14 周岁，请填写监护人姓名"),
        "guardian_phone": _("未满 14 周岁，请填写监护人手机"),
    }  # fmt: skip
    return str(words.get(name, _("这一项还没有填")))


def _args(args: dict[str, object], *names: str) -> dict[str, object]:
    return {name: args.get(name, "") for name in names}
