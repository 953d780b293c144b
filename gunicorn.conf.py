"""How the application server runs. An open stream holds no thread: webapp/live takes its socket over."""

import os
import resource
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
certfile, keyfile = os.environ.get("TLS_CERTIFICATE"), os.environ.get("TLS_KEY")  # `make run TLS=1` sets them
worker_class = "gthread"
workers = int(os.environ.get("WORKERS", "2"))
threads = int(os.environ.get("THREADS", "64"))
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 15
limit_request_line = 8190  # what is longer gets the server's own bare page
accesslog = None
loglevel = "warning"

_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))  # each stream is an open file


def post_worker_init(worker: Any) -> None:
    """Streams end when their worker is told to stop, so that nobody waits for them."""
    worker.wsgi.extensions["feed"].alive = lambda: worker.alive
