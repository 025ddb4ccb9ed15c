"""What a tablet keeps so that the pad opens without a network: the pad's files, and the version they make together."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for

DIGITS = 16
CARD_STYLES = "card.css"
SHARED_FILES = (
    "css/tokens.css", "css/base.css", "css/components.css", "js/words.js", "js/live.js", "icons/logo.svg",
)  # fmt: skip
BOOTSTRAP_STYLES = "css/bootstrap.min.css"
WORKER = "judging/worker.js"
# What a page is made of beside its files: a new sentence makes a new version as well as a new script does.
SOURCES = ("templates/base.html", "templates/judging", "translations", "judging")


def version() -> str:
    """The version of the pad's page and files: the start of a sha256 over all of them."""
    return _version(Path(current_app.root_path))


def addresses() -> list[str]:
    """The addresses of every file the pad's page loads."""
    own = [url_for("static", filename=name) for name in _files(Path(current_app.root_path)) if name != WORKER]
    return [url_for("bootstrap.static", filename=BOOTSTRAP_STYLES), *own]


def worker() -> str:
    """The script of the service worker: what it is to keep, then what it does with it."""
    kept = json.dumps({"version": version(), "files": addresses()})
    source = (Path(current_app.root_path) / "static" / WORKER).read_text(encoding="utf-8")
    return f"self.KEPT = {kept};\n{source}"


@lru_cache(maxsize=4)
def _files(root: Path) -> tuple[str, ...]:
    own = [path for path in (root / "static/judging").iterdir() if path.name != CARD_STYLES]
    return (*SHARED_FILES, *sorted(f"judging/{path.name}" for path in own if path.suffix in (".js", ".css")))


@lru_cache(maxsize=4)
def _version(root: Path) -> str:
    paths = [root / "static" / name for name in _files(root)]
    for source in SOURCES:
        below = root / source
        found = [below] if below.is_file() else (path for path in below.rglob("*") if path.is_file())
        paths += [path for path in found if path.suffix in (".html", ".mo", ".py")]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()[:DIGITS]
