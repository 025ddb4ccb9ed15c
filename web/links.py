"""Private links: cards, screens, passes, a guardian's page: signed so that they can be printed again and revoked."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from contest.errors import NotFound
from contest.models import Entry, Registration, Screen, Seat
from contest.staffing import ALPHABET, CODE_LENGTH

MAC_BYTES = 15


@dataclass(frozen=True)
class Opened:
    """What a genuine token names: a public id and the generation it was printed with."""

    public_id: str
    generation: int


def card_token(seat: Seat) -> str:
    """The token of a seat's printed card: HMAC(server key, seat, generation)."""
    return _token("card", seat.public_id, seat.card_generation)


def screen_token(screen: Screen) -> str:
    """The token of a big screen's address."""
    return _token("screen", screen.public_id, screen.generation)


def pass_token(entry: Entry) -> str:
    """The token of a contestant's pass. It never changes: by itself it opens nothing."""
    return _token("pass", entry.public_id, 1)


def consent_token(registration: Registration) -> str:
    """The token of the page on which a guardian consents; it ends with the form's code card."""
    return _token("consent", registration.public_id, registration.generation)


def registration_code(public_id: str, generation: int) -> str:
    """The code on a registration's card as people type it: K7M2-9QPX-4T8H. The server's key makes it again."""
    number = int.from_bytes(_mac("code", public_id, generation), "big")
    code = ""
    for _ in range(CODE_LENGTH):
        number, at = divmod(number, len(ALPHABET))
        code += ALPHABET[at]
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def registration_token(registration: Registration) -> str:
    """The token in the QR code of a registration's card."""
    return _token("registration", registration.public_id, registration.generation)


def open_token(kind: str, token: str) -> Opened:
    """What a token names. Raises NotFound where it was not made here; whether it is still valid is asked elsewhere."""
    public_id, _, rest = token.partition(".")
    number, _, _ = rest.partition(".")
    if not number.isdecimal() or not number.isascii() or len(number) > 9:
        raise NotFound
    opened = Opened(public_id, int(number))
    if not hmac.compare_digest(_token(kind, opened.public_id, opened.generation).encode(), token.encode()):
        raise NotFound
    return opened


def absolute(endpoint: str, **values: object) -> str:
    """An address as printed codes carry it: under CONTEST_PUBLIC_URL, else under the address this request came by."""
    base = current_app.config["PUBLIC_URL"] or request.url_root
    return str(base).rstrip("/") + url_for(endpoint, **values)  # type: ignore[arg-type]


def on_tablets(endpoint: str, **values: object) -> str:
    """An address for devices of the event itself, which trust its certificate: under https where there is any."""
    base = current_app.config["SECURE_URL"]
    return str(base).rstrip("/") + url_for(endpoint, **values) if base else absolute(endpoint, **values)  # type: ignore[arg-type]


def trusting() -> str:
    """Where a device learns to trust the event's https; empty where there is none."""
    return absolute("guide.trust_page") if current_app.config["SECURE_URL"] else ""


def only_here() -> bool:
    """Whether printed codes would carry an address that only this computer can open."""
    host = urlsplit(absolute("leaderboard.index")).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _mac(kind: str, public_id: str, generation: int) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{public_id}:{generation}".encode(), hashlib.sha256).digest()[:MAC_BYTES]


def _token(kind: str, public_id: str, generation: int) -> str:
    mac = _mac(kind, public_id, generation)
    return f"{public_id}.{generation}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
