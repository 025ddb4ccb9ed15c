"""The limits: the least that an answer, a durable insert and a 304 cost on the same server, with nothing of ours in it.

Served by bench/ with the project's own gunicorn.conf.py, so that only the application differs.
"""
from __future__ import annotations

import sqlite3

from flask import Flask, Response, request

from bench.load import ETAG
from settings import Settings

app = Flask(__name__)
_path = Settings.from_environment().instance / "bare.sqlite3"
_path.parent.mkdir(parents=True, exist_ok=True)
_database = sqlite3.connect(_path, isolation_level=None, check_same_thread=False)
for _pragma in ("journal_mode=WAL", "synchronous=FULL"):
    _database.execute(f"PRAGMA {_pragma}")
_database.execute("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, body TEXT)")


@app.get("/health")
def health() -> str:
    """Ready."""
    return "ok"


@app.post("/echo")
def echo() -> Response:
    """Give the body back."""
    return Response(request.get_data(), mimetype="application/json")


@app.post("/insert")
def insert() -> Response:
    """Store the body in one durable transaction and give it back."""
    body = request.get_data()
    _database.execute("BEGIN IMMEDIATE")
    _database.execute("INSERT INTO message (body) VALUES (?)", (body.decode(),))
    _database.execute("COMMIT")
    return Response(body, mimetype="application/json")


@app.get("/board")
def board() -> Response:
    """A page that never changes, behind its ETag."""
    response = Response("{}", mimetype="application/json")
    response.set_etag(ETAG)
    response.make_conditional(request)
    return response
