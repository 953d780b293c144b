"""The WSGI entry point: `gunicorn wsgi:app`; `flask --app wsgi` uses it too."""

import gc

from webapp import create_app, logs

app = create_app()
logs.configure(app.extensions["settings"].log_level)
# What was loaded to begin with stays to the end: no collection looks through it again, so that gunicorn's workers share
# it with their parent, and every process ends at once.
gc.freeze()
