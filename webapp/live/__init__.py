"""Live pages behind one small interface: event log -> feed -> rendered once -> streams.

A message is the whole small fragment as it is now, never a difference, so whoever missed ten needs only the last.
"""

from flask import Flask

from webapp.live.feed import Feed
from webapp.live.topics import PERMISSIONS, Channel, Tile, Topic, live_url, offer

__all__ = ["PERMISSIONS", "Channel", "Tile", "Topic", "init_app", "live_url", "offer"]


def init_app(app: Flask, most: int) -> None:
    app.extensions["topics"] = {}
    app.extensions["feed"] = Feed(app, most)
    app.extensions["after_commit"].append(app.extensions["feed"].wake)
