"""The web worker: plain http and https on one port, told apart by a connection's first byte.

The address that devices already have keeps answering in plain http, open pages with unsent marks included; https
stands beside it under the same host and port. gunicorn's own certfile would make a port https only, and a second port
would need a second process, which the streams of one laptop do not cross at once. docs/decisions/0005.
"""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import gevent
from gevent import ssl as cooperative
from gunicorn.workers.ggevent import GeventWorker

from settings import TLS_SERVER_FILE, Settings

# The first byte of every TLS connection: a handshake record (RFC 8446 §5.1). No http request begins with it.
HANDSHAKE = b"\x16"
# How long a new connection may stay silent: browsers open some ahead of need. Then how long a handshake may take.
SILENT_SECONDS, HANDSHAKE_SECONDS = 30, 10


class Keys:
    """The server's certificate as TLS needs it, read again when its file was renewed."""

    def __init__(self, file: Path) -> None:
        self.file, self._read = file, 0
        self._context: Any = None

    def context(self) -> Any | None:
        """What wraps a connection; None where there is no certificate or its file cannot be used."""
        try:
            changed = self.file.stat().st_mtime_ns
        except OSError:
            return None
        if changed != self._read:
            self._read = changed
            made = cooperative.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.minimum_version = ssl.TLSVersion.TLSv1_2
            made.set_alpn_protocols(["http/1.1"])
            try:
                made.load_cert_chain(self.file)
            except (OSError, ssl.SSLError):
                return self._context  # Half a file is no reason to lose what works.
            self._context = made
        return self._context


class Worker(GeventWorker):
    """gunicorn's gevent worker, which also answers https where the installation has a certificate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = Keys(Settings.from_environment().instance / TLS_SERVER_FILE)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection, through TLS where it begins so."""
        context = self.keys.context()
        if context is not None:
            client = self._understood(context, client)
        if client is not None:
            super().handle(listener, client, addr)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve one request; what came through TLS is https, whatever its headers say."""
        if isinstance(sock, ssl.SSLSocket):
            req.scheme = "https"
        super().handle_request(listener_name, req, sock, addr)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a bad request. A device that does not trust the certificate hangs up: that is no fault to log."""
        if not isinstance(exc, ssl.SSLError):
            super().handle_error(req, client, addr, exc)

    @staticmethod
    def _understood(context: Any, client: Any) -> Any | None:
        """The connection, wrapped where it speaks TLS; None, and closed, where it is silent or the handshake fails."""
        client.setblocking(1)
        try:
            with gevent.Timeout(SILENT_SECONDS):
                if client.recv(1, socket.MSG_PEEK) != HANDSHAKE:
                    return client
            with gevent.Timeout(HANDSHAKE_SECONDS):
                return context.wrap_socket(client, server_side=True)
        except (gevent.Timeout, OSError):
            client.close()
            return None
