"""Signs that the processes of one installation leave for each other: the worker is alive, a phone got through.

They are kept beside the queue (Redis, or its SQLite file), outside the contest's database: small, overwritten, and no
loss should they go.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from huey import Huey

from web import jobs

WORKER, PHONE = "worker", "phone"
# The worker leaves its sign every few seconds; a busy machine may be late.
WORKER_SILENT_SECONDS = 30


def leave(name: str, **what: str | int | float) -> None:
    """Leave a sign under this name, with the time; the one before is overwritten."""
    body = json.dumps({**what, "at": datetime.now(UTC).isoformat()})
    _queue().storage.put_data(_key(name), body.encode())


def seen(name: str) -> dict[str, Any] | None:
    """The newest sign of this name, its time under "at" as an aware datetime; None where there is none."""
    body = _queue().storage.peek_data(_key(name))
    if not isinstance(body, bytes | bytearray | memoryview):
        return None
    sign = dict(json.loads(bytes(body)))
    return sign | {"at": datetime.fromisoformat(sign["at"])}


def age(name: str) -> float:
    """Seconds since the newest sign of this name; endless where there is none."""
    sign = seen(name)
    return (datetime.now(UTC) - sign["at"]).total_seconds() if sign else float("inf")


def worker_is_alive() -> bool:
    """Whether the jobs worker said lately that it runs."""
    return age(WORKER) < WORKER_SILENT_SECONDS


def _queue() -> Huey:
    return jobs.queue(current_app._get_current_object())  # type: ignore[attr-defined]


def _key(name: str) -> str:
    return f"lectern:{name}"
