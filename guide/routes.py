"""HTTP in, HTTP out: help, a role's one-page guide, and the status of this device and this server."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, render_template, request
from flask_login import current_user

from contest.errors import NotFound
from guide import checks, guests, hall, office
from guide.shape import Guide
from web import signs
from web.words import shown_time

blueprint = Blueprint("guide", __name__)

# In the order in which the help page lists them.
GUIDES: dict[str, Callable[[], Guide]] = {
    "organizer": office.organizer, "chief": office.chief, "scorekeeper": office.scorekeeper, "judge": guests.judge,
    "caller": hall.caller, "timer": hall.timer, "operator": hall.operator, "mc": hall.mc, "steward": hall.steward,
    "supervisor": office.supervisor, "contestant": guests.contestant,
}  # fmt: skip
# A phone that opened the page so many seconds ago still proves that phones get through.
PHONE_SECONDS = 600


@blueprint.get("/help")
def help() -> str:
    """Every role's guide, and what to do first when something goes wrong."""
    return render_template("guide/help.html", guides={name: make() for name, make in GUIDES.items()})


@blueprint.get("/help/<role>")
def role(role: str) -> str:
    """One role's guide, which prints as one page."""
    if role not in GUIDES:
        raise NotFound
    return render_template("guide/role.html", guide=GUIDES[role](), role=role)


@blueprint.get("/status")
def status() -> str:
    """What this device can do; for staff also how the server is. A phone that scanned the code leaves a sign."""
    scanned = request.args.get("from") == "qr"
    if scanned:
        signs.leave(signs.PHONE)
    server = checks.server() if current_user.is_authenticated else []
    return render_template("guide/status.html", scanned=scanned, server=server, device=checks.device())


@blueprint.get("/status/phone.json")
def phone() -> Response:
    """When a phone last got through by the code on the first page; null where none did lately."""
    sign = signs.seen(signs.PHONE)
    fresh = sign is not None and signs.age(signs.PHONE) < PHONE_SECONDS
    response = jsonify(at=shown_time(sign["at"], form="HH:mm:ss") if sign and fresh else None)
    response.headers["Cache-Control"] = "no-store"
    return response
