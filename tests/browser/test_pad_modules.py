"""The score pad's own rules, each run in a real browser: exact marks, the life of a sheet, the queue to the server."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
STATIC = HERE.parents[1] / "static"
RULES = HERE / "pad_modules"
BLANK = b"<!doctype html><title>blank</title><link rel=icon href='data:,'>"
NAMED = re.compile(r'^test\("([^"]+)"', re.MULTILINE)
CASES = [
    (path.name, name) for path in sorted(RULES.glob("*.js")) for name in NAMED.findall(path.read_text(encoding="utf-8"))
]
RUN = """async ([module, rule]) => {
    await import(`/rules/${module}`);
    await (await import("/rules/harness.js")).run(rule);
}"""


class Files(SimpleHTTPRequestHandler):
    """static/ at /, the rules below /rules/, an empty page at /blank."""

    def translate_path(self, path: str) -> str:
        folder, rest = (RULES, path[7:]) if path.startswith("/rules/") else (STATIC, path[1:])
        return str(folder / rest)

    def do_GET(self) -> None:
        if self.path != "/blank":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(BLANK)))
        self.end_headers()
        self.wfile.write(BLANK)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page of an origin that serves the pad's modules."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    opened = chromium.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/blank")
    yield opened
    opened.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(("module", "rule"), CASES, ids=[rule for _, rule in CASES])
def test_the_pad(page: Page, module: str, rule: str) -> None:
    page.evaluate(RUN, [module, rule])
