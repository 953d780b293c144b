"""From the doctor's press to the patient's phone: how long it takes, with five thousand other streams open.

    python -m bench.live

A press is a real POST to the running application (SQLite); the phone is one more stream of the same queue. Half of the
others watch that queue, too, half watch fifty others, all in a process of their own. Server, listeners and phone share
this machine's processors. The time begins before the press is sent.
"""

import http.client
import os
import re
import socket
import sys
import time
from urllib.parse import urlencode

from bench._crowd import Crowd, a_long_shift, a_small_city, allow_many_files, percentile
from blueprints.dokter.models import Shift
from tests import people
from tests.bad_days.visitors import Visitor, ask, visitors_of
from tests.factories import clinics as make
from tests.servers import Server, eventually, serving
from webapp.db import db

OTHERS = int(os.environ.get("STREAMS", "5000"))
QUEUES = 50
PRESSES = int(os.environ.get("EVENTS", "60"))
BETWEEN = 0.4  # seconds
WORKERS = 2
CALLED = re.compile(rb'data-called="(\d+)"')


class Phone:
    """A patient's stream."""

    def __init__(self, port: int, path: str) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self.said = b""

    def hears(self, number: int) -> float:
        """When this number is called."""
        while str(number).encode() not in CALLED.findall(self.said):
            heard = self.line.recv(1 << 16)
            if not heard:
                sys.exit("the phone's stream ended")
            self.said = self.said[-2000:] + heard
        return time.monotonic()


def main() -> None:
    allow_many_files()
    with a_small_city() as (app, environ, folder):
        queue = a_long_shift()
        others = [a_long_shift(make.a_ward(make.a_clinic(f"PKM-{n}", f"Puskesmas {n}"))) for n in range(QUEUES)]
        for person in people.a_crowd(PRESSES):
            make.a_ticket(queue, person)
        nurse = visitors_of(app, [people.ani()])[0]
        with serving(environ, folder / "server.log", WORKERS) as server:
            eventually(lambda: len(server.workers()) == WORKERS)
            took = pressed(server, queue, others, nurse)
    print(f"- {os.cpu_count()} processors, {OTHERS} other streams on {QUEUES + 1} queues, {WORKERS} workers")
    for name, percent in (("p50", 50), ("p99", 99)):
        print(f"call -> phone   {name} {percentile(took, percent) * 1000:6.0f} ms   {len(took)} calls")


def pressed(server: Server, queue: Shift, others: list[Shift], nurse: Visitor) -> list[float]:
    """The seconds of each press."""
    path = f"/live?watch=dokter-shift-{queue.id}"
    elsewhere = [f"/live?watch=dokter-shift-{shift.id}" for shift in others]
    crowds = [Crowd(server.port, [path], OTHERS // 2), Crowd(server.port, elsewhere, OTHERS // 2)]
    phone, took = Phone(server.port, path), []
    for number in range(1, PRESSES + 1):
        time.sleep(BETWEEN)
        took.append(press(server, queue, nurse, phone, number))
    for crowd in crowds:
        if crowd.heard()["closed"]:
            sys.exit("streams were closed meanwhile")
    return took


def press(server: Server, queue: Shift, nurse: Visitor, phone: Phone, number: int) -> float:
    db.session.rollback()
    db.session.refresh(queue)
    form = urlencode({"seen": queue.revision, "csrf_token": nurse.csrf_token})
    began = time.monotonic()
    answer = ask(server, "POST", f"/dokter/shifts/{queue.id}/call", nurse.cookie, form)
    if answer.status != http.client.SEE_OTHER:
        sys.exit(f"nobody was called: {answer.status}")
    return phone.hears(number) - began


if __name__ == "__main__":
    main()
