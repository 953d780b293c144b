"""What everything is measured against: a Flask application that does nothing, under the product's own gunicorn."""

from types import SimpleNamespace

from flask import Flask

app = Flask(__name__)
app.extensions["feed"] = SimpleNamespace()  # gunicorn.conf.py wants to tell the product's feed when to stop


@app.get("/healthz")
def bare() -> str:
    return "ok"
