"""What every button of the desk answers: a sentence, its undo where there is one, and the way back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from web.errors import wants_json


def done(
    slug: str, said: str, *, undo: tuple[str, Mapping[str, str]] | None = None, page: str = "stage.desk"
) -> Response:
    """Back to the page of the button, still at the appearance the form was about where that is not the one on stage.

    `undo` is the address and the fields of the press that takes this one back: a script offers it for some seconds.
    """
    if wants_json():
        back = {"undo": {"url": undo[0], "fields": dict(undo[1])}} if undo else {}
        return jsonify(message=said, **back)
    flash(said, "success")
    focus = request.form.get("focus") if page == "stage.desk" else None
    return redirect(url_for(page, slug=slug, appearance=focus or None), code=303)


def fresh(html: str) -> Response:
    """A page or its parts with an ETag, so that what has not changed is not sent again."""
    response = Response(html, mimetype="text/html")
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


def own_press(press: str | None, *about: str) -> str:
    """The press of a form, told apart by what it is about: one page may send the same id from several forms."""
    return str(uuid.uuid5(uuid.UUID(press), ":".join(about))) if press and press.strip() else ""
