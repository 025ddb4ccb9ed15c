"""Every error's page, once: domain errors, HTTP errors, a busy database and the unforeseen."""

from __future__ import annotations

import errno
import math
import time

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from contest import errors, refusals
from web.db import DatabaseBusy
from web.limits import limiter
from web.sentences import sentence

STATUS: dict[type[errors.ContestError], int] = {
    errors.NotFound: 404,
    errors.NotPermitted: 403,
    errors.CardRevoked: 403,
    errors.LeaseUnknown: 401,
    errors.Malformed: 400,
    errors.TooManyMessages: 429,
    errors.ReasonMissing: 422,
    errors.AdjustmentRefused: 422,
    errors.TextRefused: 422,
    refusals.DateRefused: 422,
    errors.FileRefused: 422,
    errors.AlreadyPrinted: 422,
    refusals.NotReady: 422,
    errors.CodeExpired: 410,
    errors.DiskFull: 507,
    refusals.NothingUnlocked: 422,
    refusals.DeadlinePast: 422,
    refusals.SignatureRefused: 422,
}
CONFLICT = 409


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.ContestError, _contest_error)
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(CSRFError, lambda error: answer(400, "form_expired"))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseBusy, lambda error: answer(503, "busy"))
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(IntegrityError, _database_error)
    app.register_error_handler(OSError, _system_error)
    app.register_error_handler(Exception, _unforeseen)


def wants_json() -> bool:
    """Whether a script asks, so that it gets a code and a sentence instead of a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or (best == "application/json" and not request.accept_mimetypes.accept_html)


def answer(status: int, code: str, message: str | None = None) -> Response:
    """The error as JSON for scripts, as a page for people."""
    if wants_json():
        response = jsonify(error={"code": code, "message": message})
        response.status_code = status
    else:
        response = make_response(render_template("errors/error.html", code=status, text=message), status)
    if status in (429, 503):
        response.headers["Retry-After"] = "5"
    return response


def _contest_error(error: errors.ContestError) -> Response:
    response = answer(STATUS.get(type(error), CONFLICT), error.code, sentence(error))
    if isinstance(error, errors.TooManyMessages):
        response.headers["Retry-After"] = str(error.args_["seconds"])
    return response


def _too_often(_error: RateLimitExceeded) -> Response:
    response = answer(429, "too_many_requests")
    limit = limiter.current_limit
    if limit is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(limit.reset_at - time.time())))
    return response


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    return answer(error.code or 500, error.name.lower().replace(" ", "_"))


def _database_error(error: OperationalError | IntegrityError) -> Response:
    """No answer, or two made the same thing at one moment: nothing was written, and a second try meets the rules."""
    current_app.logger.exception("The database did not answer", exc_info=error)
    return answer(503, "busy")


def _system_error(error: OSError) -> Response:
    """A body that did not fit on the disk while it came in; anything else is unforeseen."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _contest_error(errors.DiskFull())
    return _unforeseen(error)


def _unforeseen(error: Exception) -> Response:
    current_app.logger.exception("Unforeseen error on %s %s", request.method, request.path, exc_info=error)
    return answer(500, "internal_error")
