"""Whether a process of this installation runs: each holds a shared lock, which a restore must find free."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "running.lock"


def hold(instance: Path) -> int:
    """Say that this process runs, until it ends. Returns the descriptor that holds the lock."""
    instance.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(instance / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def alone(instance: Path) -> Iterator[bool]:
    """Whether no process runs here, and as long as the block lasts none begins."""
    instance.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(instance / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
