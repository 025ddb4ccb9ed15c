"""HTTP in, HTTP out: the photo with its crop, slides and video; given out to the holder of the form alone."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contest import admitting, registering
from contest.eligibility import SLOT_PAGES
from contest.errors import ContestError, DiskFull, FileRefused, NotFound
from contest.models import Slot
from contest.refusals import FieldLocked
from registration.blueprint import blueprint
from registration.form import page_address, question_page
from registration.questions import KINDS, MOST
from registration.starting import SEE_OTHER
from registration.words import megabytes
from web import holding, uploads
from web.db import reading, writing
from web.errors import STATUS, wants_json
from web.sentences import sentence
from web.uploads import MEGABYTE, Crop, Received

# 3:4, large enough for a badge and the big screen.
PHOTO_LEAST, PHOTO_MOST = (600, 800), (1200, 1600)
# More than any slot takes: a file that is a little too large is read, so that its size can be told.
MOST_READ = 300 * MEGABYTE


@blueprint.post("/my/entries/<registration>/files/<slot>")
@uploads.takes(MOST_READ)
def upload(registration: str, slot: str) -> Response | tuple[str, int] | tuple[FlaskResponse, int]:
    """Put a file into a slot. Whatever is wrong with it, the form and the file before stay as they are."""
    into, now = slot_of(slot), datetime.now(UTC)
    with reading() as db:
        if not admitting.may_take(holding.held_one(db, registration), into, now=now):
            raise FieldLocked(field=slot)
    try:
        received = checked(into)
        with writing() as db:
            found = holding.held_one(db, registration)
            kept = uploads.keep(db, found.contest, received, now=now)
            registering.add_material(db, found, slot=into, file=kept, now=now)
            version = found.version
    except (FileRefused, DiskFull) as refused:
        return refused_page(registration, into, refused)
    if wants_json():
        return jsonify(name=kept.name, size=megabytes(kept.size), version=version), 200
    flash(_("已上传：%(name)s", name=kept.name), "success")
    return back(registration, into)


@blueprint.post("/my/entries/<registration>/files/<slot>/remove")
def remove_file(registration: str, slot: str) -> Response:
    """Take the file out of a slot."""
    into = slot_of(slot)
    with writing() as db:
        found = holding.held_one(db, registration)
        registering.remove_material(db, found, slot=into, now=datetime.now(UTC))
    flash(_("已移除。"), "success")
    return back(registration, into)


@blueprint.get("/my/entries/<registration>/files/<slot>")
def file(registration: str, slot: str) -> Response:
    """The file in a slot."""
    into = slot_of(slot)
    with reading() as db:
        kept = admitting.material(holding.held_one(db, registration), into)
        if kept is None:
            raise NotFound
        return uploads.send(kept.file, download=into is not Slot.PHOTO)


def checked(slot: Slot) -> Received:
    """The file of this request, checked by content; a photo cut to 3:4. Raises FileRefused, DiskFull."""
    received = uploads.receive(request.files.get("file"), kinds=KINDS[slot], most_bytes=MOST[slot])
    if slot is not Slot.PHOTO:
        return received
    if (received.width or 0) < PHOTO_LEAST[0] or (received.height or 0) < PHOTO_LEAST[1]:
        uploads.drop(received)
        wanted = f"{PHOTO_LEAST[0]}×{PHOTO_LEAST[1]}"
        raise FileRefused(why="too_small", found=f"{received.width}×{received.height}", wanted=wanted)
    return uploads.cropped(received, crop=crop_of(received), at_least=PHOTO_LEAST, at_most=PHOTO_MOST)


def crop_of(received: Received) -> Crop:
    """What of a picture is kept: the box its owner chose, brought to 3:4; else the middle."""
    wide, high = float(received.width or 1), float(received.height or 1)
    try:
        left, top, right, bottom = (float(part) for part in request.form.get("crop", "").split(","))
    except ValueError:
        left, top, right, bottom = 0.0, 0.0, 1.0, 1.0
    if not 0 <= left < right <= 1 or not 0 <= top < bottom <= 1:  # NaN is refused here as well
        left, top, right, bottom = 0.0, 0.0, 1.0, 1.0
    across, down = (right - left) * wide, (bottom - top) * high
    shape = PHOTO_LEAST[0] / PHOTO_LEAST[1]
    new_across, new_down = (down * shape, down) if across > down * shape else (across, across / shape)
    x, y = left + (across - new_across) / 2 / wide, top + (down - new_down) / 2 / high
    return x, y, x + new_across / wide, y + new_down / high


def refused_page(registration: str, slot: Slot, refused: ContestError) -> tuple[str, int] | tuple[FlaskResponse, int]:
    """What is wrong with a file, beside its slot and on top of the page."""
    status = STATUS[type(refused)]
    if wants_json():
        return jsonify(error={"code": refused.code, "message": sentence(refused)}), status
    with reading() as db:
        found = holding.held_one(db, registration)
        return question_page(db, found, SLOT_PAGES[slot], refused={slot.value: sentence(refused)}), status


def back(registration: str, slot: Slot) -> Response:
    """To where the file was given: the form's page, or the entry's own."""
    if request.form.get("from") == "mine":
        return redirect(url_for("registration.mine", registration=registration), SEE_OTHER)
    return redirect(page_address(registration, SLOT_PAGES[slot]) + f"#{slot.value}", SEE_OTHER)


def slot_of(name: str) -> Slot:
    """A slot by its name; a guardian's form has a door of its own. Raises NotFound."""
    if name not in {slot.value for slot in KINDS}:
        raise NotFound
    return Slot(name)

