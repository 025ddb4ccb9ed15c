"""The blueprint that the rooms of this door hang their routes on; `routes.py` lists the rooms."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("stage", __name__)
