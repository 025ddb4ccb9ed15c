"""The shape of what the organizer's buttons send."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from contest.errors import Malformed
from contest.models import Act, RoundState


class MoveRound(FlaskForm):
    """The state a round is to go to."""

    to = SelectField(choices=[state.value for state in RoundState])


class Propose(FlaskForm):
    """An act that needs two people, and why."""

    act = SelectField(choices=[act.value for act in Act])
    reason = StringField(validators=[Length(max=500)])


class AddScreen(FlaskForm):
    """The name of a big screen."""

    name = StringField(validators=[InputRequired(), Length(max=60)])


def read(form: FlaskForm) -> FlaskForm:
    """The form as it was sent. Raises Malformed naming the first field that does not fit."""
    if not form.validate() or any("\x00" in (field.data or "") for field in form if field.name != "csrf_token"):
        raise Malformed(what=next(iter(form.errors), "form"))
    return form
