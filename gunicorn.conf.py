"""How the web process runs: worker class, connections, timeouts and memory, each with its reason."""

from __future__ import annotations

import gc
import os
import resource
import sys
from pathlib import Path
from typing import Any

from settings import SettingError, Settings
from web import running

# A stream is one descriptor. About 19,900 of them were the most one process held in our measurements.
MOST_CONNECTIONS = 19_000
# Descriptors kept for the database, Redis, log and template files, and for connections that are just being refused.
OWN_DESCRIPTORS = 200


def descriptors() -> int:
    """Raise the limit on open files as far as needed and allowed; returns the limit that now holds."""
    wanted = MOST_CONNECTIONS + OWN_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    ceiling = wanted if hard == resource.RLIM_INFINITY else hard
    # Root may go above the hard limit; everyone else goes up to it. Some systems refuse either.
    for limit in ((max(soft, wanted), max(ceiling, wanted)), (max(soft, min(ceiling, wanted)), hard)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
        except (ValueError, OSError):
            continue
        return limit[0]
    return soft


try:
    _settings = Settings.from_environment()
except SettingError as error:
    sys.exit(str(error))

wsgi_app = "wsgi:app"
bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"

# Greenlets: one worker holds thousands of open streams; with a thread per stream it was several times slower.
# The worker patches the standard library before it imports the app, so psycopg and redis wait cooperatively;
# this is why the app is never preloaded in the master.
# It is our own subclass, which also answers https on the same port where `flask tls` made a certificate.
worker_class = "web.listening.Worker"
preload_app = False

# One worker by default: SQLite and the in-process bus live in one process. The settings refuse more than one without
# PostgreSQL and Redis.
workers = _settings.workers

# gunicorn's own default of 1,000 would stop answering anything at the thousand-and-first stream.
worker_connections = max(64, min(descriptors() - OWN_DESCRIPTORS, MOST_CONNECTIONS))

# How many streams the app may hold: the rest of the connections stays free for marks and pages. The app reads it as
# its setting; above it, clients are told to poll.
_streams = worker_connections - max(32, worker_connections // 10)
os.environ["CONTEST_STREAMS"] = str(min(_settings.streams or _streams, _streams))

# A hall of phones reconnects in one moment after the network comes back.
backlog = 4096

# The worker reports each second from its event loop, so open streams never trip this; a loop that is stuck for a
# minute does, and the worker is replaced.
timeout = 60
# Streams never finish by themselves: on a stop they are cut after two seconds and the browsers reconnect.
graceful_timeout = 2
# Tablets and polling phones ask again within half a minute; longer would only hold descriptors.
keepalive = 30
# A worker is never renewed after a number of requests: that would cut every open stream.
max_requests = 0

# The kernel's sendfile writes past TLS, straight into the socket: a file would go out unencrypted and break the stream.
sendfile = False

# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a file without a name

# No control socket: nothing here uses it, and it would write into the user's home folder.
control_socket_disable = True

# Thousands of polls a minute would bury what matters; a reverse proxy keeps an access log where one is wanted.
accesslog = None
errorlog = "-"

# forwarded_allow_ips keeps gunicorn's default, the loopback address: a proxy on another host is named through
# FORWARDED_ALLOW_IPS, and CONTEST_PROXIES says how many proxies the app believes.


def on_starting(_server: Any) -> None:
    """Say that the installation is in use, so that no backup is brought back under a running server."""
    running.hold(_settings.instance)


def post_worker_init(worker: Any) -> None:
    """Watch what other processes change, and keep the garbage collector quiet once the app is loaded.

    What is loaded now lives as long as the worker, so it is taken out of every later collection; the rest is collected
    less often. With 19,000 streams the collector's pauses were most of the slowest deliveries.
    """
    from web import live  # Not before the worker is patched.

    live.watch(worker.wsgi)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
