"""The shape of what is typed at the door."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from contest.staffing import SHORTEST_PASSWORD

LONGEST_PASSWORD = 256


class LoginForm(FlaskForm):
    """Name and password, and where to go afterwards."""

    username = StringField(lazy_gettext("用户名"), [InputRequired(lazy_gettext("请填写用户名")), Length(max=64)])
    password = PasswordField(
        lazy_gettext("密码"), [InputRequired(lazy_gettext("请填写密码")), Length(max=LONGEST_PASSWORD)]
    )
    next = HiddenField()


class WelcomeForm(FlaskForm):
    """A one-time code and the password its owner chooses."""

    code = StringField(
        lazy_gettext("一次性码"), [InputRequired(lazy_gettext("请填写一次性码")), Length(max=64)]
    )
    password = PasswordField(lazy_gettext("设置密码"), [
        InputRequired(lazy_gettext("请设置密码")),
        Length(min=SHORTEST_PASSWORD, message=lazy_gettext("密码至少 10 个字符")),
        Length(max=LONGEST_PASSWORD, message=lazy_gettext("密码最多 256 个字符")),
    ])  # fmt: skip
    confirm = PasswordField(lazy_gettext("再输一次密码"), [
        InputRequired(lazy_gettext("请再输一次密码")),
        EqualTo("password", lazy_gettext("两次输入的密码不一样")),
    ])  # fmt: skip


class FirstOwnerForm(WelcomeForm):
    """The installation's first account: also the organization and the owner's names."""

    organization = StringField(
        lazy_gettext("主办单位"), [InputRequired(lazy_gettext("请填写主办单位")), Length(max=200)]
    )
    display_name = StringField(
        lazy_gettext("您的姓名"), [InputRequired(lazy_gettext("请填写您的姓名")), Length(max=200)]
    )
    username = StringField(lazy_gettext("用户名"), [
        InputRequired(lazy_gettext("请填写用户名")), Length(max=64),
        Regexp(r"\S+$", message=lazy_gettext("用户名里不能有空格")),
    ])  # fmt: skip
