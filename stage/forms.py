"""The shape of what the desk's buttons send. What they mean is for the verbs to judge."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import UUID, InputRequired, Length, Optional, ValidationError

from contest.errors import Malformed
from contest.models import Scene

AUTOMATIC = "auto"


def storable(_form: FlaskForm, field: Field) -> None:
    """Refuse a NUL, which no database keeps in a text."""
    if "\x00" in (field.data or ""):
        raise ValidationError


def _id() -> Any:
    return StringField(validators=[InputRequired(), Length(max=24), storable])


def _sentence() -> Any:
    return StringField(validators=[Length(max=500), storable])


class OneAppearance(FlaskForm):
    """Call or release."""

    appearance = _id()


class ChooseScene(FlaskForm):
    """A scene of the big screen, or auto."""

    scene = SelectField(choices=[*(scene.value for scene in Scene), AUTOMATIC])

    def chosen(self) -> Scene | None:
        """The scene to hold; None lets the screen follow the event."""
        return None if self.scene.data == AUTOMATIC else Scene(self.scene.data)


class Adjust(FlaskForm):
    """A value of a declared kind. `press` is made by the page, so that one press counts once."""

    appearance = _id()
    kind = StringField(validators=[InputRequired(), Length(max=64), storable])
    value = StringField(validators=[Length(max=20), storable])
    reason = _sentence()
    press = StringField(validators=[Optional(), UUID()])


class WithdrawRelease(FlaskForm):
    """Take a released score back; the public reads the note."""

    appearance = _id()
    note = _sentence()


class DecideStray(FlaskForm):
    """Let a stray message count or set it aside."""

    decision = SelectField(choices=["accept", "set_aside"])
    reason = _sentence()


class ReturnSheet(FlaskForm):
    """Give a seat's sheet back to its judge."""

    appearance = _id()
    seat = _id()
    reason = _sentence()


def read(shape: type[FlaskForm]) -> Any:
    """What was sent, in this shape. Raises Malformed naming the first field that does not fit."""
    form = shape()
    if not form.validate():
        raise Malformed(what=next(iter(form.errors)))
    return form
