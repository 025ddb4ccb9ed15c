"""HTTP in, HTTP out: what the public opens: a contest's page, its results, and the page behind the hall's QR code."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("audience", __name__)
