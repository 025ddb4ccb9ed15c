"""create_app(): settings, web services, and one line per blueprint: the table of contents."""

from __future__ import annotations

import time
from pathlib import Path

from flask import Flask, Response, current_app
from flask_bootstrap import Bootstrap5
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.routes
import accounts.welcome
import audience.routes
import certificates.routes
import commands
import guide.routes
import judging.routes
import leaderboard.demo_doors
import leaderboard.routes
import organizer.routes
import registration.routes
import stage.routes
from settings import Settings
from web import backups, db, errors, gate, jobs, limits, live, navigation, uploads, words

HERE = Path(__file__).resolve().parent
LARGEST_REQUEST = 1_000_000

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; worker-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=()",
}


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application for these settings (default: the environment's)."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, root_path=str(HERE), instance_path=str(settings.instance))
    app.config.update(
        SECRET_KEY=settings.key(),
        PUBLIC_URL=settings.public_url,
        SECURE_URL=settings.secure_url.rstrip("/"),
        TIME_ZONE=settings.time_zone,
        TRANSLATIONS=str(HERE / "translations"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        # A poll or a file that is answered late must not bring back the session from before a press.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # A desk stays open through the whole event.
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.extensions["lectern_settings"] = settings
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]

    Bootstrap5(app)
    csrf = CSRFProtect(app)
    words.init_app(app)
    errors.init_app(app)
    db.init_app(app, settings)
    live.init_app(app, settings)
    uploads.init_app(app, settings)  # before anything reads a form
    limits.init_app(app, settings)
    gate.init_app(app)
    navigation.init_app(app)
    jobs.init_app(app, settings)
    backups.init_app(app)

    app.register_blueprint(accounts.routes.blueprint)  # sign in, one-time codes, language
    app.register_blueprint(organizer.routes.blueprint)  # set up and seal
    app.register_blueprint(registration.routes.blueprint)  # entries, files, consent, the door
    app.register_blueprint(judging.routes.blueprint)  # cards, seats, the score pad
    app.register_blueprint(stage.routes.blueprint)  # the desk that runs the show
    app.register_blueprint(leaderboard.routes.blueprint)  # home and demo, board, big screens
    app.register_blueprint(certificates.routes.blueprint)  # layout, printing, the public check
    app.register_blueprint(audience.routes.blueprint)  # contest page, results, the hall's phones
    app.register_blueprint(guide.routes.blueprint)  # help and status
    csrf.exempt("judging.routes.messages")  # It proves its lease by a header, which no other site can send.

    commands.init_app(app)
    app.add_url_rule("/health", "health", lambda: Response("ok", mimetype="text/plain"))
    app.after_request(_secure)
    app.teardown_request(_let_others_run)
    return app


def _secure(response: Response) -> Response:
    if base := current_app.config["SECURE_URL"]:
        # A page under plain http asks through https whether its device trusts the event's authority.
        policy = f"{SECURITY_HEADERS['Content-Security-Policy']}; connect-src 'self' {base}"
        response.headers.setdefault("Content-Security-Policy", policy)
    for header, value in SECURITY_HEADERS.items():
        response.headers.setdefault(header, value)
    return response


def _let_others_run(_error: BaseException | None) -> None:
    # A handler that never waits would starve the worker's other connections; under gevent this yields to them.
    time.sleep(0)
