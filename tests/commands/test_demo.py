"""The demo: loaded once, and its board shows what it says."""

from __future__ import annotations

import json

from flask import Flask

from commands import demo
from tests import builders


def test_the_demo_is_made_once_and_its_board_shows_sixteen_scores_at_once(app: Flask) -> None:
    settings = app.extensions["lectern_settings"]
    with app.app_context():
        first, again = demo.load(settings), demo.load(settings)
    assert (first.passwords, [seat.public_id for seat in first.seats]) == (
        again.passwords, [seat.public_id for seat in again.seats],
    )  # fmt: skip
    frame = json.loads(builders.client_of(app).get("/contests/demo/frame.json").data)
    assert frame["counts"] == {"released": 16, "appearances": 40}
    assert (frame["now"]["number"], frame["release"]["number"]) == ("17", "16")
    assert [(row["place"], row["number"]) for row in frame["top"][:6]] == [
        (1, "05"), (2, "11"), (3, "02"), (4, "08"), (5, "03"), (5, "14"),
    ]  # fmt: skip
