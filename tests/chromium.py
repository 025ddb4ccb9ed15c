"""Finds what the tests need beside Python: Chromium, a Chinese font, pdftotext; as a program it installs them."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
FONT = "fonts-lxgw-wenkai"
PDF = "poppler-utils"
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


def driver_runs() -> bool:
    """Whether playwright's own program starts; on a bare Debian it lacks a shared library."""
    spec = importlib.util.find_spec("playwright")
    node = Path(spec.origin).parent / "driver" / "node" if spec and spec.origin else None
    if node is None or not node.exists():
        return node is not None
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def missing() -> list[str]:
    """What this machine lacks for the browser tests, as Debian names the packages."""
    lacking = {
        "chromium": find() is None, FONT: not has_chinese_font(), "libatomic1": not driver_runs(),
        PDF: shutil.which("pdftotext") is None,
    }  # fmt: skip
    return [package for package, lacks in lacking.items() if lacks]


def how_to_install() -> str:
    """The command that brings what is missing to this machine, for a message to the reader."""
    if platform.system() == "Darwin":
        return "brew install --cask google-chrome (or set CHROMIUM=/path/to/chromium)"
    return f"sudo apt install {' '.join(missing())} (or set CHROMIUM=/path/to/chromium)"


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
    """Make sure of a Chromium, its driver and a Chinese font. Returns 0 when all are there, else says what to do."""
    packages = missing()
    if packages and may_install():
        # fc-list comes with fontconfig; without it the next run could not see the font.
        install([*packages, "fontconfig"])
        packages = missing()
    if packages == [FONT]:
        print(f"No Chinese font: pages show boxes. To mend it: {how_to_install()}")
    elif packages:
        print(f"Tests that need them will be skipped. To run them: {how_to_install()}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
