"""The organizer's rooms: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from organizer import (
    awards,
    clones,
    order,
    overview,
    papers,
    people,
    results,
    review,
    rounds,
    rubric,
    rule_change,
    setup,
    spreadsheets,
    wizard,
)
from organizer.blueprint import blueprint

__all__ = [
    "awards", "blueprint", "clones", "order", "overview", "papers", "people", "results", "review", "rounds",
    "rubric", "rule_change", "setup", "spreadsheets", "wizard",
]  # fmt: skip
