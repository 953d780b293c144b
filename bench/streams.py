"""Ten thousand open streams through the real application, beside nginx's nchan in the same run.

    python -m bench.streams

One event in a second: with us a citizen takes a number (a real POST, and what follows from it: the database, the event
log, the drawing), with nchan somebody publishes the same fragment. The same listeners, in a process of their own, open
the streams and note when each of them hears of each event. Both servers have two worker processes; listeners and server
share this machine's processors. Both say a word to every reader each 15 s, which is not counted as an event.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
NUMBER = "1"  # the first event's

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


@dataclass(frozen=True)
class Run:
    """What one server has shown."""

    open_seconds: float
    kb_each: float
    cpu_us: float
    p50: float
    p99: float
    lost: int
    delivered: int


def main() -> None:
    allow_many_files()
    subprocess.run([ROOT / "setup/debian", "nginx-light", "libnginx-mod-nchan"], check=True)
    print(f"- {os.cpu_count()} processors, {STREAMS} streams, {EVENTS} events, one in a second, {WORKERS} workers each")
    ours, nchan = run_ours(), run_nchan()
    for name, mine, other, form in (
        ("CPU per event", ours.cpu_us, nchan.cpu_us, "{:7.1f} us"),
        ("memory each", ours.kb_each, nchan.kb_each, "{:7.2f} kB"),
        ("heard, p50", ours.p50 * 1000, nchan.p50 * 1000, "{:7.0f} ms"),
        ("heard, p99", ours.p99 * 1000, nchan.p99 * 1000, "{:7.0f} ms"),
        ("all opened in", ours.open_seconds, nchan.open_seconds, "{:7.1f} s "),
    ):
        print(f"{name:<15} {form.format(mine)}   nchan {form.format(other)}   {mine / other:.2f}x of nchan")
    print(f"{'nothing lost':<15} {ours.delivered} of {STREAMS * EVENTS} delivered; nchan {nchan.delivered}")
    if ours.lost:
        sys.exit(f"{ours.lost} deliveries were lost")


def run_ours() -> Run:
    with a_small_city() as (app, environ, folder):
        shift = a_long_shift(ahead=1)
        visitors = iter(visitors_of(app, people.a_crowd(EVENTS)))
        with serving(environ, folder / "server.log", WORKERS) as server:
            eventually(lambda: len(server.workers()) == WORKERS)
            path = f"/live?watch=dokter-shift-{shift.id}"

            def publish(_number: int) -> None:
                answer = next(visitors).take_ticket(server, shift.id)
                if answer.status != http.client.SEE_OTHER:
                    sys.exit(f"no number was given: {answer.status}")

            return measured(server.port, path, server.workers(), publish)


def run_nchan() -> Run:
    with a_small_city() as (_app, _environ, folder), nginx(folder) as (port, pids):

        def publish(number: int) -> None:
            waiting = " ".join(str(one) for one in range(1, number + 1))
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            line.request("POST", "/publish", FRAGMENT.format(waiting=waiting).encode())
            if line.getresponse().status >= http.client.BAD_REQUEST:
                sys.exit("nchan did not take the message")
            line.close()

        publish(0)
        return measured(port, "/live", pids, publish)


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


def measured(port: int, path: str, pids: list[int], publish: Callable[[int], None]) -> Run:
    """Open all streams on a warm server, publish, and see who heard of it when."""
    Crowd(port, [path], WARM_UP).heard()
    time.sleep(1)
    before = kilobytes(pids)
    crowd = Crowd(port, [path], STREAMS)
    time.sleep(2)
    each = (kilobytes(pids) - before) / STREAMS
    used, said_at = cpu_seconds(pids), {}
    for number in range(1, EVENTS + 1):
        began = said_at[number] = time.monotonic()
        publish(number)
        time.sleep(max(0.0, began + 1 - time.monotonic()))
    time.sleep(1)
    used = cpu_seconds(pids) - used
    heard = {int(number): times for number, times in crowd.heard()["heard"].items()}
    took = [at - said_at[number] for number, times in heard.items() for at in times if number in said_at]
    lost = sum(max(0, STREAMS - len(heard.get(number, []))) for number in said_at)
    return Run(
        open_seconds=crowd.opening["seconds"], kb_each=each, cpu_us=used / len(took) * 1e6,
        p50=percentile(took, 50), p99=percentile(took, 99), lost=lost, delivered=len(took),
    )  # fmt: skip


if __name__ == "__main__":
    main()
