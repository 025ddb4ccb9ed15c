"""HTTP in, HTTP out: the contestant's door: register page by page, files, consent, the pass, check-in."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("registration", __name__)
