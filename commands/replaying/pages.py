"""What a client reads out of an HTML page."""

from __future__ import annotations

import re

CSRF = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def form_token(page: str) -> str | None:
    """The CSRF token of a page's form, or None where it has none."""
    found = CSRF.search(page)
    return found[1] if found else None
