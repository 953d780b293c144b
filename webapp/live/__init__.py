"""Live pages behind one small interface: event log -> feed -> drawn once -> hub -> streams.

A message is the whole small fragment as it is now, never a difference, so whoever missed ten needs only the last.
"""

import resource

from flask import Flask

from webapp.live.bell import Bell
from webapp.live.feed import Feed
from webapp.live.streams import BY_THREAD
from webapp.live.topics import PERMISSIONS, Channel, Tile, Topic, live_url, offer

__all__ = ["PERMISSIONS", "Channel", "Tile", "Topic", "init_app", "live_url", "offer"]

OTHER_FILES = 1200  # that a process may have open: gunicorn's own connections, the database's, what is read


def init_app(app: Flask, most: int) -> None:
    """`most` streams per process; fewer where the system lets it have fewer open files."""
    files, _most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    app.extensions["topics"] = {}
    app.extensions["feed"] = Feed(app, min(most, max(BY_THREAD, files - OTHER_FILES)), Bell())
    app.extensions["after_commit"].append(app.extensions["feed"].wake)
