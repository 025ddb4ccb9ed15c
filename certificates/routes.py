"""HTTP in, HTTP out: certificates: layout, issuing, printing in batches, corrections, the public check."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("certificates", __name__)
