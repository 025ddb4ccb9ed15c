"""The organizer's rooms: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from organizer import (
    audit,
    awards,
    clones,
    order,
    overrides,
    overview,
    paper_typing,
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
    "audit", "awards", "blueprint", "clones", "order", "overrides", "overview", "paper_typing", "papers", "people",
    "results", "review", "rounds", "rubric", "rule_change", "setup", "spreadsheets", "wizard",
]  # fmt: skip
