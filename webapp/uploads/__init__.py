"""Photos and documents that people hand in: checked, stripped, stored, and served without danger.

A view marked `@accepts_files`, or `@room_for(3)` for several, calls `receive`, or `keep` and then, inside the
service's own transaction, `enter`. Another one answers with `send`, after asking whether its reader may see the file.
"""

from webapp.uploads.actions import enter, forget, keep, receive, store, strike
from webapp.uploads.gate import accepts_files, room_for
from webapp.uploads.serving import send

__all__ = ["accepts_files", "enter", "forget", "keep", "receive", "room_for", "send", "store", "strike"]
