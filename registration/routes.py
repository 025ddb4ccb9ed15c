"""The contestant's rooms: one module each, with its routes; importing a module here opens its room."""

from __future__ import annotations

from registration import consenting, door, files, form, mine, passes, starting
from registration.blueprint import blueprint

__all__ = ["blueprint", "consenting", "door", "files", "form", "mine", "passes", "starting"]
