"""flask demo: the demo contest, loaded once, with its addresses, accounts and judges' cards on the console."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from leaderboard import demo as demo_contest
from settings import Settings
from web import links


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demo contest if it is not there, and print its addresses, accounts and judges' cards."""
    settings: Settings = current_app.extensions["lectern_settings"]
    if not demo_contest.is_on():
        raise click.ClickException("this installation has no demo: it is a venue's, or CONTEST_DEMO is 0")
    made = demo_contest.load(settings)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    with current_app.test_request_context(base_url=base):
        addresses = {
            "first page": links.absolute("leaderboard.index"),
            "board": links.absolute("leaderboard.board", slug=demo_contest.SLUG),
            "big screen": links.absolute("leaderboard.screen", token=links.screen_token(made.screen)),
            "desk": links.absolute("stage.desk", slug=demo_contest.SLUG),
            "organizer": links.absolute("organizer.contest", slug=demo_contest.SLUG),
        }
        cards = [(seat.number, links.on_tablets("judging.card", token=links.card_token(seat))) for seat in made.seats]
    click.echo(f"Demo contest {demo_contest.TITLE}: no. {demo_contest.ON_STAGE} is on stage, and seat "
               f"{demo_contest.FREE_SEAT} has not submitted yet.")  # fmt: skip
    click.echo("Open the first page: it lets you in as anyone, and plays the final by itself.")
    for name, address in addresses.items():
        click.echo(f"  {name:<12}{address}")
    click.echo("\n  accounts (made for this installation alone)")
    for name, password in made.passwords.items():
        click.echo(f"    {name:<12}{password}")
    click.echo("\n  judges' cards")
    for number, address in cards:
        click.echo(f"    seat {number}  {address}")
    click.echo("")
