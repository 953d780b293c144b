"""The worker process, `python -m webapp.worker`: sweeps, each in its rhythm, and push messages, until it is stopped.

A program of its own and no `flask` command: the scheduler brings much, and no other process needs it.
"""

import gc
import os

from flask import Flask
from huey import SqliteHuey, crontab

from webapp import create_app, jobs, logs
from webapp.push.worker import sending_beside


def main() -> None:
    app = create_app()
    logs.configure(app.extensions["settings"].log_level)
    gc.freeze()  # as in wsgi.py
    with sending_beside(app):
        work_forever(app)


def work_forever(app: Flask) -> None:
    """All sweeps at once, then each in its rhythm."""
    jobs.run_all(app)
    huey = SqliteHuey("binjai", filename=os.fspath(app.extensions["settings"].instance / "jobs.db"), results=False)
    for entry in jobs.sweeps_of(app):
        task = huey.periodic_task(crontab(minute=f"*/{entry.every}"), name=entry.name)
        task(lambda entry=entry: jobs.run(app, entry))
    huey.create_consumer(workers=1, periodic=True, check_worker_health=True).run()


if __name__ == "__main__":
    main()
