"""How often one address or one login may ask."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=False, strategy="moving-window")


def init_app(app: Flask, storage: str) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = storage
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = not storage.startswith("memory")
    limiter.init_app(app)
