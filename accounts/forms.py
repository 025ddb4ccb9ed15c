"""The shape of what is typed at the door."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):
    """Name and password, and where to go afterwards."""

    username = StringField(lazy_gettext("用户名"), [InputRequired(lazy_gettext("请填写用户名")), Length(max=64)])
    password = PasswordField(lazy_gettext("密码"), [InputRequired(lazy_gettext("请填写密码")), Length(max=256)])
    next = HiddenField()
