"""QR codes as inline SVG, drawn as one path, or as their modules for print, with the quiet zone that scanners need."""

from __future__ import annotations

from functools import cache

import qrcode
from markupsafe import Markup

QUIET_ZONE = 4
# Finding the best of the eight masks takes ten times as long as the code itself; every one of them can be read.
PRINT_MASK = 2


def svg(address: str, *, label: str) -> Markup:
    """A QR code of a plain address. `label` is what a screen reader says."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make(fit=True)
    matrix = code.get_matrix()
    size = len(matrix) + 2 * QUIET_ZONE
    drawn = "".join(
        f"M{start + QUIET_ZONE} {row + QUIET_ZONE}h{end - start}v1h{start - end}z"
        for row, line in enumerate(matrix) for start, end in runs(line)
    )  # fmt: skip
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>'
    ).format(label, size, size, size, size, drawn)


def modules(address: str) -> list[list[bool]]:
    """A code's dark and light modules without its quiet zone, quickly made: addresses of one length look alike."""
    code = _print_code(_version_for(len(address.encode())))
    code.add_data(address, optimize=0)
    code.make(fit=False)
    found: list[list[bool]] = code.get_matrix()
    return found


@cache
def _version_for(length: int) -> int:
    """The smallest code that holds an address of so many bytes (small letters: as any address has)."""
    code = _print_code(None)
    code.add_data("x" * length, optimize=0)
    return int(code.best_fit())


def _print_code(version: int | None) -> qrcode.QRCode:
    level = qrcode.constants.ERROR_CORRECT_M
    return qrcode.QRCode(version=version, error_correction=level, border=0, mask_pattern=PRINT_MASK)


def runs(line: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin and end in a row."""
    found, start = [], None
    for at, dark in enumerate([*line, False]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            found.append((start, at))
            start = None
    return found
