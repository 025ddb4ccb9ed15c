"""Finds the Chromium of the browser tests; run as a program it installs one where it may."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
FONT = "fonts-lxgw-wenkai"
APT = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]

FLAGS = [
    # Root, as in most build machines, cannot use Chromium's sandbox; the pages under test are our own.
    "--no-sandbox",
    # The rest keeps the browser still: no GPU process, and no calls home on a machine without a network.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The path of a Chromium or Chrome: the CHROMIUM variable, then the PATH; None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Chinese; True where there is no fontconfig to ask (macOS)."""
    if shutil.which("fc-list") is None:
        return platform.system() != "Linux"
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def how_to_install() -> str:
    """The command that brings a Chromium to this machine, for a message to the reader."""
    if platform.system() == "Darwin":
        return "brew install --cask google-chrome (or set CHROMIUM=/path/to/chromium)"
    return f"sudo apt install chromium {FONT} (or set CHROMIUM=/path/to/chromium)"


def may_install() -> bool:
    """Whether this is Debian itself and we are root: elsewhere the reader decides."""
    release = Path("/etc/os-release")
    debian = release.exists() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()
    return debian and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install Debian packages; what apt says is shown only where it fails."""
    print(f"Installing {' '.join(packages)} with apt-get for the browser tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*APT, *packages]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout + done.stderr, file=sys.stderr)


def main() -> int:
    """Make sure of a Chromium and a Chinese font. Returns 0 when both are there, otherwise says what to do."""
    missing = [] if find() else ["chromium"]
    if not has_chinese_font():
        missing.append(FONT)
    if missing and may_install():
        # fc-list comes with fontconfig; without it the next run could not see the font.
        install([*missing, "fontconfig"])
    if find() is None:
        print(f"No Chromium: the browser tests will be skipped. To run them: {how_to_install()}")
        return 1
    if not has_chinese_font():
        print(f"No Chinese font: pages would show boxes. To mend it: sudo apt install {FONT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
