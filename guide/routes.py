"""HTTP in, HTTP out: help, a role's one-page guide, the status of device and server, and how a device trusts https."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from contest.errors import NotFound
from guide import checks, guests, hall, office, trust
from guide.shape import Guide
from settings import Settings
from web import links, qr, signs, tls
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
    return render_template(
        "guide/status.html", scanned=scanned, server=server, device=checks.device(), secure=_secure("guide.status")
    )


@blueprint.get("/status/phone.json")
def phone() -> Response:
    """When a phone last got through by the code on the first page; null where none did lately."""
    sign = signs.seen(signs.PHONE)
    fresh = sign is not None and signs.age(signs.PHONE) < PHONE_SECONDS
    response = jsonify(at=shown_time(sign["at"], form="HH:mm:ss") if sign and fresh else None)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/trust")
def trust_page() -> str:
    """How this device comes to trust the event's authority, its own kind first; and whether it does."""
    der = tls.authority(_instance())
    agent, name = request.user_agent.string, tls.name_of(der) if der else ""
    here = links.absolute(".trust_page")
    return render_template(
        "guide/trust.html", ways=trust.ways(agent, name), mine=trust.kind_of(agent), name=name, here=here,
        code=qr.svg(here, label=_("打开这一页的二维码")), fingerprint=tls.fingerprint(der) if der else "",
        secure=_secure(".trust_page"), download={trust.FILE: ".authority", trust.PROFILE: ".authority_profile"},
    )  # fmt: skip


@blueprint.get(f"/trust/{trust.FILE}")
def authority() -> Response:
    """The authority's certificate, as Android, HarmonyOS, Windows and macOS take it. Its key is nowhere on a page."""
    return _file(_authority(), trust.FILE, "application/x-x509-ca-cert")


@blueprint.get(f"/trust/{trust.PROFILE}")
def authority_profile() -> Response:
    """The same as a configuration profile, which is how an iPad installs one."""
    der = _authority()
    return _file(trust.profile(der, tls.name_of(der)), trust.PROFILE, "application/x-apple-aspen-config")


@blueprint.get("/trust/check")
def trust_check() -> Response:
    """What a page under plain http asks for through https: it arrives only where the device trusts the authority."""
    response = Response("ok", mimetype="text/plain")
    response.headers.update({"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"})
    return response


def _instance() -> Path:
    settings: Settings = current_app.extensions["lectern_settings"]
    return settings.instance


def _authority() -> bytes:
    der = tls.authority(_instance())
    if der is None:
        raise NotFound
    return der


def _file(body: bytes, name: str, media_type: str) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def _secure(endpoint: str) -> dict[str, str] | None:
    """The https address of a page and of its check; None where this event has none."""
    base = current_app.config["SECURE_URL"]
    return {"base": base, "page": base + url_for(endpoint), "check": base + url_for(".trust_check")} if base else None
