"""Ten thousand open streams through the real application, beside nginx's nchan in the same run.

    python -m bench.streams

One event in a second: with us a citizen takes a number (a real POST, and what follows from it: the database, the event
log, the drawing), with nchan somebody publishes the same fragment half a second later, so that whatever else this
machine does meanwhile slows both. The same listeners, in a process for each, open the streams and note when every one
of them hears of each event. Both servers have two worker processes; all share this machine's processors. Both say a
word to every reader each 15 s, which is not counted as an event. "Heard" counts from before the event is said; how long
the saying alone took, until its answer, stands beside it.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench._crowd import Crowd, a_long_shift, a_small_city, allow_many_files, cpu_seconds, kilobytes, percentile
from tests import people
from tests.bad_days.visitors import visitors_of
from tests.servers import eventually, free_port, serving
from webapp.settings import ROOT

STREAMS = int(os.environ.get("STREAMS", "10000"))
EVENTS = int(os.environ.get("EVENTS", "30"))
WARM_UP = 300
WORKERS = 2

NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
worker_processes 2;
worker_rlimit_nofile {files};
load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  nchan_shared_memory_size 128M;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /publish {{ nchan_publisher; nchan_channel_id queue; nchan_message_buffer_length 1; }}
    location = /live {{ nchan_subscriber eventsource; nchan_channel_id queue; nchan_subscriber_first_message oldest;
                       nchan_eventsource_ping_interval 15; }}
  }}
}}
"""
FRAGMENT = """<div data-called="" data-waiting="{waiting}">
  <p class="now-label">Sekarang dilayani</p>
  <p class="now-number number">–</p>
</div>"""


@dataclass
class Side:
    """One of the two servers, and those who listen to it."""

    port: int
    path: str
    pids: list[int]
    publish: Callable[[int], None]
    crowd: Crowd | None = None
    said_at: dict[int, float] = field(default_factory=dict)
    answered: list[float] = field(default_factory=list)  # how long saying it took
    kb_each: float = 0.0
    used: float = 0.0
    took: list[float] = field(default_factory=list)

    def open(self) -> None:
        """All streams, on a server that has served some before."""
        Crowd(self.port, [self.path], WARM_UP).heard()
        time.sleep(1)
        before = kilobytes(self.pids)
        self.crowd = Crowd(self.port, [self.path], STREAMS)
        time.sleep(2)
        self.kb_each = (kilobytes(self.pids) - before) / STREAMS

    def say(self, number: int) -> None:
        self.said_at[number] = time.monotonic()
        self.publish(number)
        self.answered.append(time.monotonic() - self.said_at[number])

    def end(self) -> None:
        """Who has heard what, and when."""
        heard = {int(number): times for number, times in self.crowd.heard()["heard"].items()}
        self.took = [at - self.said_at[number] for number in self.said_at for at in heard.get(number, [])]


def main() -> None:
    allow_many_files()
    subprocess.run([ROOT / "setup/debian", "nginx-light", "libnginx-mod-nchan"], check=True)
    print(f"- {os.cpu_count()} processors, {STREAMS} streams, {EVENTS} events, one in a second, {WORKERS} workers each")
    with ours() as mine, nchan() as other:
        mine.open()
        other.open()
        say_all(mine, other)
    print_figures(mine, other)
    if len(mine.took) != STREAMS * EVENTS:
        sys.exit("some of ours were lost")


def say_all(mine: Side, other: Side) -> None:
    sides, began = (mine, other), time.monotonic()
    before = [cpu_seconds(side.pids) for side in sides]
    for number in range(1, EVENTS + 1):
        for half, side in enumerate(sides):
            time.sleep(max(0.0, began + number + half / 2 - time.monotonic()))
            side.say(number)
    time.sleep(1.5)
    for side, used in zip(sides, before, strict=True):
        side.used = cpu_seconds(side.pids) - used
    for side in sides:
        side.end()


def print_figures(mine: Side, other: Side) -> None:
    for name, form, figure in (
        ("CPU per event", "{:7.1f} us", lambda side: side.used / len(side.took) * 1e6),
        ("memory each", "{:7.2f} kB", lambda side: side.kb_each),
        ("heard, p50", "{:7.0f} ms", lambda side: percentile(side.took, 50) * 1000),
        ("heard, p99", "{:7.0f} ms", lambda side: percentile(side.took, 99) * 1000),
        ("said, p50", "{:7.0f} ms", lambda side: percentile(side.answered, 50) * 1000),
        ("said, p99", "{:7.0f} ms", lambda side: percentile(side.answered, 99) * 1000),
        ("all opened in", "{:7.1f} s ", lambda side: side.crowd.opening["seconds"]),
    ):
        ratio = figure(mine) / figure(other)
        print(f"{name:<15} {form.format(figure(mine))}   nchan {form.format(figure(other))}   {ratio:.2f}x of nchan")
    print(f"{'nothing lost':<15} {len(mine.took)} of {STREAMS * EVENTS} delivered; nchan {len(other.took)}")


@contextmanager
def ours() -> Iterator[Side]:
    with a_small_city() as (app, environ, folder):
        shift = a_long_shift(ahead=1)
        visitors = iter(visitors_of(app, people.a_crowd(EVENTS)))
        with serving(environ, folder / "server.log", WORKERS) as server:
            eventually(lambda: len(server.workers()) == WORKERS)

            def publish(_number: int) -> None:
                answer = next(visitors).take_ticket(server, shift.id)
                if answer.status != http.client.SEE_OTHER:
                    sys.exit(f"no number was given: {answer.status}")

            yield Side(server.port, f"/live?watch=dokter-shift-{shift.id}", server.workers(), publish)


@contextmanager
def nchan() -> Iterator[Side]:
    with tempfile.TemporaryDirectory(prefix="binjai-bench-") as folder, nginx(Path(folder)) as (port, pids):

        def publish(number: int) -> None:
            waiting = " ".join(str(one) for one in range(1, number + 1))
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.request("POST", "/publish", FRAGMENT.format(waiting=waiting).encode())
            if line.getresponse().status >= http.client.BAD_REQUEST:
                sys.exit("nchan did not take the message")
            line.close()

        publish(0)
        yield Side(port, "/live", pids, publish)


@contextmanager
def nginx(folder: Path) -> Iterator[tuple[int, list[int]]]:
    """nchan with a configuration of its own; its port and its workers."""
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    files = STREAMS + 2000
    config.write_text(NGINX.format(folder=folder, port=port, user=user, files=files, connections=files))
    master = subprocess.Popen(["nginx", "-c", config, "-p", folder])
    try:
        children = Path(f"/proc/{master.pid}/task/{master.pid}/children")
        if not eventually(lambda: len(children.read_text().split()) >= WORKERS, 20):
            sys.exit((folder / "nginx.log").read_text())
        yield port, [int(pid) for pid in children.read_text().split()]
    finally:
        master.terminate()
        master.wait()


if __name__ == "__main__":
    main()
