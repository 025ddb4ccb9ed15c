"""The certificates' rooms: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from certificates import batches, checking, desk, layout, own
from certificates.blueprint import blueprint

__all__ = ["batches", "blueprint", "checking", "desk", "layout", "own"]
