"""How many polling phones a worker answers: 304 answers a second for the whole board, and for a bare page.

Usage: python -m bench.board
"""
from __future__ import annotations

import httpx

from bench import stage
from bench.figures import Figure, table
from bench.load import CONNECTIONS, ETAG, answers_per_second
from commands.contests import release_complete
from contest import board as frames
from contest import entering, folders
from contest.ledger import SYSTEM
from web.db import writing
from web.live import now

REQUESTS = 3000
SLUG = "board"


def measured() -> list[Figure]:
    """Our answers a second beside the bare server's."""
    rules, facts = stage.segment()
    with stage.our_server() as (_app, site):
        with writing(site.engine) as db:
            contest = folders.import_facts(
                db, facts=facts, rules=rules, slug=SLUG, title=rules.title.zh, by=SYSTEM, now=now(),
                organization=entering.organization_named(db, "Bench"),
            )  # fmt: skip
            release_complete(db, contest)
            frames.refresh(db, contest, now=now())
        path = f"/contests/{SLUG}/board.json"
        page = httpx.get(site.url + path, trust_env=False)
        page.raise_for_status()
        ours = answers_per_second(site.url, path, page.headers["ETag"], requests=REQUESTS)
    with stage.bare_server() as url:
        limit = answers_per_second(url, "/board", f'"{ETAG}"', requests=REQUESTS)
    what = f"304 for a board of {len(page.content) // 1024} KB, {CONNECTIONS} connections"
    return [Figure(what, ours, limit, "answers/s", "bare Flask, 304", more_is_better=True)]


if __name__ == "__main__":
    print(table(measured()))
