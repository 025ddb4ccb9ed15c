"""The audience's rooms: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from audience import contest, live, receipt, recount, results
from audience.blueprint import blueprint

__all__ = ["blueprint", "contest", "live", "receipt", "recount", "results"]
