"""The blueprint that the rooms of this door hang their routes on; `routes.py` opens them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("judging", __name__)
