"""python -m commands.venue: start a real event. Asks which address phones reach, and loads no demo. `make venue`."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from commands import serve
from settings import SettingError, Settings
from web import addresses, venue

SEPARATE = TARGET = "venue"


def main() -> int:
    """Choose the folder and the address, then start. The exit code is 1 where it could not start."""
    try:
        settings = Settings.from_environment()
        instance = folder(settings)
        host = os.environ.get("CONTEST_HOST") or os.environ.get("HOST") or ask(instance)
        serve.must_be_free(replace(settings, host=host), TARGET)
    except (SettingError, serve.CannotStart) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nNothing was started.", file=sys.stderr)
        return 1
    url = settings.public_url.rstrip("/") or addresses.web_address(host, settings.port)
    os.environ.update(
        CONTEST_INSTANCE=str(instance), CONTEST_HOST=host, CONTEST_PORT=str(settings.port), CONTEST_PUBLIC_URL=url,
        CONTEST_DEMO="0",
    )  # fmt: skip
    return serve.main(greeting="welcome", target=TARGET)


def folder(settings: Settings) -> Path:
    """The instance folder of the event: the usual one, or one inside it where that holds the demo contest."""
    if settings.is_venue or not _has_demo(settings.instance / "lectern.sqlite3"):
        return settings.instance
    separate = settings.instance / SEPARATE
    print(
        f"{settings.instance} holds the demo contest, so this event gets a folder of its own: {separate}\n"
        f"For flask and make commands about it: export CONTEST_INSTANCE={separate}\n", flush=True,
    )  # fmt: skip
    return separate


def ask(instance: Path) -> str:
    """Ask on the console which address to bind; the one of the last start is proposed.

    Raises SettingError where there is no console to ask on and no address of a last start that is still here.
    """
    before = venue.starts(instance)
    last = before[-1].host if before else ""
    found = [*addresses.own(), addresses.Own(addresses.LOOPBACK, "this machine only, for a trial")]
    hosts = [each.ip for each in found]
    if not sys.stdin.isatty():
        if last in hosts:
            return last
        raise SettingError(f"no console to ask on. Name the address: HOST={hosts[0]} make venue")
    print("Which address will tablets and phones reach this machine by? Printed codes carry it.\n")
    for at, each in enumerate(found, start=1):
        print(f"  {at}  {each.ip:<16}{each.interface}{'   (last time)' if each.ip == last else ''}")
    if last and last not in hosts:
        print(f"\nLast time it was {last}, which this machine no longer has: codes printed then will not open.\n"
              "Give it that address again (reserve it in the router), or print the codes anew.")  # fmt: skip
    proposed = hosts.index(last) + 1 if last in hosts else 1
    while True:
        answer = input(f"\nNumber [{proposed}]: ").strip() or str(proposed)
        if answer.isdecimal() and answer.isascii() and 1 <= int(answer) <= len(hosts):
            return hosts[int(answer) - 1]
        if answer in hosts:
            return answer
        print(f"A number from 1 to {len(hosts)}, please.")


def _has_demo(database: Path) -> bool:
    if not database.exists():
        return False
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT 1 FROM contest WHERE slug = 'demo'").fetchone() is not None
        except sqlite3.DatabaseError:
            return False


if __name__ == "__main__":
    sys.exit(main())
