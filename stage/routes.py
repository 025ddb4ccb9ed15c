"""HTTP in, HTTP out."""

from flask import Blueprint

blueprint = Blueprint("stage", __name__)
