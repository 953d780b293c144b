"""One JSON line per request and per trouble, without personal data: no addresses, names, queries or codes."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import PendingRollbackError, StatementError

FACTS = ("method", "route", "status", "ms")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "from": record.name,
            "message": record.getMessage(),
            **{fact: getattr(record, fact) for fact in FACTS if hasattr(record, fact)},
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    def formatException(self, ei: Any) -> str:
        """What failed and what that was in answer to, the first cause first."""
        return "\n".join(_told(error) for error in reversed(list(_chain(ei[1]))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those behind it; not the driver's own, whose words are about values."""
    while error:
        yield error
        behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        error = None if isinstance(error, StatementError) else behind


def _told(error: BaseException) -> str:
    lines = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{lines}{type(error).__name__}: {_words(error)}"


def _words(error: BaseException) -> str:
    """What an exception says, unless a database says it: "DETAIL: Key (email)=(…) already exists"."""
    if isinstance(error, StatementError):
        reason = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
        return f"{type(error.orig).__name__} {reason} in {error.statement}"
    return "" if isinstance(error, PendingRollbackError) else str(error)  # which repeats the first failure


def configure(level: str) -> None:
    """Send every logger's lines to standard error as JSON; what ends a process is told there, too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    sys.excepthook = lambda *trouble: logging.critical("this process ends", exc_info=trouble)


def init_app(app: Flask) -> None:
    log = logging.getLogger("webapp.requests")

    @app.before_request
    def began() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def ended(response: Response) -> Response:
        if request.endpoint != "static":
            route = request.url_rule.rule if request.url_rule else "(unknown)"
            passed = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
            facts = {"method": request.method, "route": route, "status": response.status_code, "ms": passed}
            log.info("request", extra=facts)
        return response
