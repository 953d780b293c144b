"""One JSON line per request and per trouble, without personal data: no addresses, names, queries or codes."""

import json
import logging
import sys
import time

from flask import Flask, Response, g, request

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


def configure(level: str) -> None:
    """Send every logger's lines to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


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
