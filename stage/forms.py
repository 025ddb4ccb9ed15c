"""The shape of what the desk's buttons send. What they mean is for the verbs to judge."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField
from wtforms.validators import UUID, InputRequired, Length, NumberRange, Optional, ValidationError

from contest.calling import MARKS, MOST_CALLS
from contest.errors import Malformed
from contest.excusing import KINDS
from contest.models import ClockAct, Scene

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
    """Release an appearance, or take a confirmation back."""

    appearance = _id()


class CallOn(OneAppearance):
    """Bring an appearance on stage. `page` is where the button stands."""

    page = StringField(validators=[Length(max=10), storable])


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


class OneScene(FlaskForm):
    """A scene to prepare."""

    scene = SelectField(choices=[scene.value for scene in Scene])


class Take(OneScene):
    """The scene to show, and the stage's version that the page has seen."""

    seen = StringField(validators=[InputRequired(), Length(max=40), storable])


class Message(FlaskForm):
    """What the message scene says; the verb judges its length."""

    text = StringField(validators=[Length(max=2000), storable])


class MarkStatus(FlaskForm):
    """How far a contestant has come. `page` is where the button stands."""

    appearance = _id()
    status = SelectField(choices=[status.value for status in MARKS])
    page = StringField(validators=[Length(max=10), storable])


class CallOut(FlaskForm):
    """The nth call of a contestant."""

    appearance = _id()
    nth = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_CALLS)])
    page = StringField(validators=[Length(max=10), storable])


class Absent(FlaskForm):
    """Somebody who was called in vain, with the reason of what follows."""

    appearance = _id()
    reason = _sentence()
    page = StringField(validators=[Length(max=10), storable])


class ResetClock(FlaskForm):
    """A part of the talk."""

    appearance = _id()
    segment = StringField(validators=[InputRequired(), Length(max=64), storable])


class PressClock(ResetClock):
    """Start or pause; `press` is made by the page, so that one press counts once."""

    act = SelectField(choices=[act.value for act in ClockAct])
    press = StringField(validators=[Optional(), UUID()])


class UndoClock(FlaskForm):
    """The press of the clock to take back."""

    appearance = _id()
    pressed = _id()


class Check(FlaskForm):
    """Confirm the deductions; `deduct`: enter what the clock proposes."""

    appearance = _id()
    deduct = BooleanField()


class OpenResults(FlaskForm):
    """Open the held results: of one appearance, or of a whole round."""

    appearance = StringField(validators=[Length(max=24), storable])
    round = StringField(validators=[Length(max=64), storable])

    def validate_round(self, field: Field) -> None:
        """One of the two has to be named."""
        if not field.data and not self.appearance.data:
            raise ValidationError


class RestoreSeat(FlaskForm):
    """A seat, for this appearance or from now on."""

    appearance = _id()
    seat = _id()
    scope = SelectField(choices=["this", "onwards"])


class Excuse(RestoreSeat):
    """Why a seat does not judge."""

    kind = SelectField(choices=[kind.value for kind in KINDS])
    reason = _sentence()


def page_of(form: Any) -> str:
    """The page to go back to: the caller's own, or the desk."""
    return "stage.caller" if form.page.data == "call" else "stage.desk"


def read(shape: type[FlaskForm]) -> Any:
    """What was sent, in this shape. Raises Malformed naming the first field that does not fit."""
    form = shape()
    if not form.validate():
        raise Malformed(what=next(iter(form.errors)))
    return form
