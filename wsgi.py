"""The WSGI entry point: `gunicorn wsgi:app`; `flask --app wsgi` uses it too."""

from webapp import create_app, logs

app = create_app()
logs.configure(app.extensions["settings"].log_level)
