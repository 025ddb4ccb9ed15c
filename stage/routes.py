"""The rooms of those who run the show: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from stage import acts, calls, card, clock, desk, panel, screens
from stage.blueprint import blueprint

__all__ = ["acts", "blueprint", "calls", "card", "clock", "desk", "panel", "screens"]
