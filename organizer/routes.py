"""HTTP in, HTTP out."""

from flask import Blueprint

blueprint = Blueprint("organizer", __name__)
