"""The desk's buttons about the big screen: prepare a scene, take it, write its message, let it follow by itself."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from contest import switching
from contest.models import Scene
from stage import forms
from stage.answering import done
from stage.blueprint import blueprint
from web import live
from web.words import scene_word


@blueprint.post("/ops/<slug>/scene")
def scene(slug: str) -> AnyResponse:
    """Hold the screen on a scene at once, or let it follow the event."""
    form = forms.read(forms.ChooseScene)
    with live.changing(slug) as (db, contest):
        switching.take(db, contest, scene=form.chosen(), account_id=current_user.id, now=live.now())
    return done(slug, _("大屏已切换。"))


@blueprint.post("/ops/<slug>/preview")
def preview(slug: str) -> AnyResponse:
    """Prepare a scene; the screen does not change."""
    form = forms.read(forms.OneScene)
    with live.changing(slug) as (db, contest):
        switching.prepare(db, contest, scene=Scene(form.scene.data))
    return done(slug, _("已预备「%(scene)s」。", scene=scene_word(Scene(form.scene.data))))


@blueprint.post("/ops/<slug>/take")
def take(slug: str) -> AnyResponse:
    """Show the prepared scene, where the screen is still as the asker has seen it."""
    form = forms.read(forms.Take)
    chosen = Scene(form.scene.data)
    with live.changing(slug) as (db, contest):
        switching.take(
            db, contest, scene=chosen, seen=form.seen.data, account_id=current_user.id, now=live.now()
        )  # fmt: skip
    return done(slug, _("大屏已切到「%(scene)s」。", scene=scene_word(chosen)))


@blueprint.post("/ops/<slug>/message")
def message(slug: str) -> AnyResponse:
    """Prepare the message scene with these words."""
    form = forms.read(forms.Message)
    with live.changing(slug) as (db, contest):
        switching.write_message(db, contest, text=form.text.data or "")
    return done(slug, _("文字已预备，切到直播后观众才会看到。"))
