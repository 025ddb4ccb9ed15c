"""Acknowledgement and frame times of a replay, with a bare echo and a bare durable insert measured in the same run.

Usage: python -m bench.replay
One worker on SQLite, all nine tablets of a panel at once, 20 open streams; the same clients ask the bare server.
"""
from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from bench import stage
from bench.figures import Figure, percentile, table
from commands.replaying.playing import Report, play

LISTENERS = 20
POSTS = 60
BODY = json.dumps({"v": 1, "messages": [{"marks": {"content": "27.50", "delivery": "26.00"}, "note": ""}]}).encode()


def posts(url: str, path: str, clients: int) -> list[float]:
    """Milliseconds of each of POSTS requests of so many clients at once."""
    def ask(_client: int) -> list[float]:
        times = []
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
            for _ in range(POSTS):
                began = time.perf_counter()
                http.post(path, content=BODY).raise_for_status()
                times.append((time.perf_counter() - began) * 1000)
        return times

    with ThreadPoolExecutor(clients) as threads:
        return [each for times in threads.map(ask, range(clients)) for each in times]


def measured() -> tuple[Report, list[Figure]]:
    """The replay's report and its figures."""
    rules, facts = stage.segment()
    with stage.our_server() as (_app, site):
        report = play(site, rules, facts, listeners=LISTENERS)
    tablets = int(report["tablets"] or 0)
    with stage.bare_server() as url:
        posts(url, "/echo", 1)  # Warm both up.
        alone, inserts = posts(url, "/echo", 1), posts(url, "/insert", tablets)
    figures = [
        Figure(f"a mark is acknowledged, {tablets} tablets at once, {part}", float(report[key] or 0),
               percentile(inserts, rank), "ms", f"bare Flask, one durable insert, {tablets} clients")
        for part, key, rank in (("p50", "ack_p50_ms", 50), ("p99", "ack_p99_ms", 99))
    ]  # fmt: skip
    figures += [
        Figure(f"release pressed → frame at all {LISTENERS} streams, {part}", float(report[key] or 0),
               percentile(alone, rank), "ms", "bare Flask, echo, one client")
        for part, key, rank in (("p50", "press_to_frame_p50_ms", 50), ("p99", "press_to_frame_p99_ms", 99))
    ]  # fmt: skip
    return report, figures


def main() -> int:
    """Print the report and the table; the exit code is 0 only when the replay found nothing wrong."""
    report, figures = measured()
    print(json.dumps(report))
    print(table(figures))
    return 0 if is_right(report) else 1


def is_right(report: Report) -> bool:
    """Whether nothing was lost or doubled and the board is the recount."""
    return not report["lost"] and not report["doubled"] and bool(report["final_frame_equals_recount"])


if __name__ == "__main__":
    raise SystemExit(main())
