"""The shape of a role's one-page guide: where one works, what to do in order, and what to do when it goes wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """A guide that fits one A4 page. `wrong` are pairs of what happens and what to do."""

    title: str
    icon: str
    lead: str
    steps: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]
