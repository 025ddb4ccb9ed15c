"""Whether an event may go to another address: not while a round is judging, unless somebody says so on purpose.

A browser keeps what is not sent under the address it has open, scheme and port included. Under another address the
same tablet knows nothing of it, so marks that were given but not sent would be out of reach.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask.cli import with_appcontext

from settings import Settings
from web import addresses, tls, venue

# What a start without a console is given instead of the typed answer: the new address, whole.
CONSENT = "MOVE_TO"
DEMO = "demo"


class Judging(Exception):
    """Why the address stays, in one line: what is judged, and the way out."""


@dataclass(frozen=True)
class Move:
    """The addresses of this start: what codes carry, what judges' cards carry, and the one that is left on purpose."""

    url: str
    secure: str
    left: str = ""
    note: str = ""

    @property
    def cards(self) -> str:
        """The address that judges' cards carry."""
        return self.secure or self.url

    @property
    def told(self) -> str:
        """What the console says of https, its line ends included; empty where there is none."""
        lines = [f"Judges' tablets, desk and door: {self.secure} (each trusts it first: {self.url}/trust)"]
        return "\n".join([*(lines if self.secure else []), *([self.note] if self.note else []), ""]).lstrip("\n")


def settle(settings: Settings, url: str, target: str) -> Move:
    """The addresses this start has: a certificate that soon ends is renewed, one for `url` makes https.

    Raises Judging where that would move an event away from the address under which a round is judged.
    """
    now = datetime.now(UTC)
    note = _renew(settings.instance, now)
    secure = settings.secure_url.rstrip("/") or tls.secure_address(settings.instance, url, now=now)
    move = Move(url, secure, note=note)
    started = venue.starts(settings.instance)
    if not started or _same(started[-1], move) or not (rounds := judged(settings)):
        return move
    before = started[-1]
    if secure and not settings.secure_url and _same(before, Move(url, "")):
        waits = f"{' and '.join(rounds)} is judging: cards keep {url}; https begins with a start after it is locked."
        return Move(url, "", note=waits)
    _ask(before, move, rounds, target)
    return Move(url, secure, left=before.cards, note=note)


def judged(settings: Settings) -> list[str]:
    """The rounds that are judging, as "contest/round"; none where there is no database yet. The demo's do not count."""
    if settings.is_sqlite and not settings.database_url and not (settings.instance / "lectern.sqlite3").exists():
        return []
    from sqlalchemy import create_engine, exc, text  # A start at the same address need not wait for it.

    engine = create_engine(settings.sqlalchemy_url)
    found = text("SELECT contest.slug, round.code FROM round JOIN contest ON contest.id = round.contest_id "
                 "WHERE round.state = 'judging' ORDER BY contest.slug, round.code")  # fmt: skip
    try:
        with engine.connect() as db:
            return [f"{slug}/{code}" for slug, code in db.execute(found) if slug != DEMO]
    except (exc.OperationalError, exc.ProgrammingError):
        return []  # No tables yet; what else is wrong with the database, the start itself will say.
    finally:
        engine.dispose()


def may_certify(settings: Settings, host: str, *, anew: bool) -> None:
    """Raise Judging where a certificate for this host, or another authority (`anew`), would come in mid-round."""
    started = venue.starts(settings.instance)
    cards = started[-1].secure if started else ""
    if not anew and cards and tls.same_form(urlsplit(cards).hostname or "") == host:
        return  # The same address goes on: this is a renewal, or the file was lost.
    if rounds := judged(settings):
        why = "devices would have to trust another authority" if anew else "judges' cards would change their address"
        raise Judging(f"{' and '.join(rounds)} is judging: {why} in the middle of it. Lock the round first, "
                      "or make the certificate before it begins.")  # fmt: skip


@click.command("moved", hidden=True)
@click.argument("old")
@click.argument("new")
@with_appcontext
def moved(old: str, new: str) -> None:
    """Write into the ledger of each contest that is judged that its address was changed on purpose."""
    from contest import relocating
    from web.db import writing
    from web.live import now

    with writing() as db:
        count = relocating.note_move(db, old=old, new=new, now=now())
    click.echo(f"The move from {old} to {new} is in the ledger of {count} contest{'' if count == 1 else 's'}.")


def _renew(instance: Path, now: datetime) -> str:
    if tls.certificate(instance) is None:
        return ""
    from web import authority

    try:
        made = authority.renew(instance, now=now)
    except (authority.CannotCertify, OSError) as error:
        return f"The certificate could not be renewed: {error}"
    return f"The certificate was renewed until {made.certificate.until:%Y-%m-%d}." if made else ""


def _same(before: venue.Start, move: Move) -> bool:
    return (before.url.rstrip("/"), before.secure) == (move.url, move.secure)


def _ask(before: venue.Start, move: Move, rounds: list[str], target: str) -> None:
    """Let a person say that the event moves all the same. Raises Judging where nobody does."""
    why = (
        f"{' and '.join(rounds)} is judging, and tablets keep unsent marks under {before.cards}; this start would "
        f"move them to {move.cards}. {_way_back(before, move)}, or lock the round first"
    )
    if os.environ.get(CONSENT, "").rstrip("/") == move.cards:
        return
    if not sys.stdin.isatty():
        raise Judging(f"{why}; to move all the same: {CONSENT}={move.cards} make {target}")
    print(f"{why}.\nWhat is unsent on a tablet is out of reach until the old address answers again.", flush=True)
    if input(f"To move all the same, type {move.cards}: ").strip().rstrip("/") != move.cards:
        raise Judging("the address stays. Nothing was started.")


def _way_back(before: venue.Start, move: Move) -> str:
    if before.url.rstrip("/") == move.url and before.secure and not move.secure:
        host = urlsplit(before.secure).hostname
        return f"The certificate is missing or over: flask tls --address {host}"
    plain = addresses.web_address(before.host, before.port)
    named = "" if plain == before.url else f"CONTEST_PUBLIC_URL={before.url} "
    lost = "" if addresses.still_here(f"http://{before.host}") is not False else " after giving it that address"
    return f"Go back to the old address ({named}HOST={before.host} PORT={before.port} make venue{lost})"
