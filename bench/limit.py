"""The whole application with one more route: a POST that makes one durable INSERT through `writing()` and nothing else.

What a mark costs beyond it is what a mark is: proof, lock, rules, sheet, answer. Served by bench/ alone.
"""
from __future__ import annotations

from flask import Response, request
from sqlalchemy import text

from app import create_app
from web.db import writing
from web.roles import ROUTES, Access

app = create_app()
INSERT = text("INSERT INTO bench_limit (body) VALUES (:body)")


def insert() -> Response:
    """Store the body in one durable transaction and give it back."""
    body = request.get_data()
    with writing() as db:
        db.execute(INSERT, {"body": body.decode()})
    return Response(body, mimetype="application/json")


ROUTES["bench_insert"] = Access.PUBLIC
app.add_url_rule("/bench/insert", "bench_insert", insert, methods=["POST"])
app.extensions["csrf"].exempt(insert)
with app.app_context(), writing() as _db:
    _db.execute(text("CREATE TABLE IF NOT EXISTS bench_limit (id INTEGER PRIMARY KEY, body TEXT)"))
