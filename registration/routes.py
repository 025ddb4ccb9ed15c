"""The contestant's rooms: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from registration import door
from registration.blueprint import blueprint

__all__ = ["blueprint", "door"]
