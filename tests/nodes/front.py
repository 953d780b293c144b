"""nginx with the repository's own configuration, in front of nodes of the test's own."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.bad_days.visitors import PATIENCE, Answer
from tests.servers import eventually, free_port
from webapp import local_tls
from webapp.settings import ROOT

CONFIGURATION = ROOT / "deploy" / "nginx.conf"
NAME = "balai.local"  # what the authority of the tests may vouch for
NODES = ("10.0.0.11:8000", "10.0.0.12:8000")
CERTIFICATE = "/etc/letsencrypt/live/kota.example.id/"


def put_in(text: str, *pairs: tuple[str, str]) -> str:
    """The text with what a city puts in. Each of these must be there: the file and the tests may not drift apart."""
    for there, instead in pairs:
        assert there in text, f"{there!r} is not in deploy/nginx.conf"
        text = text.replace(there, instead)
    return text


class Front:
    """One nginx. `changed` are further pairs: a control takes a defence out of the configuration with them."""

    def __init__(self, folder: Path, nodes: Sequence[int], *changed: tuple[str, str]) -> None:
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        folder.mkdir()
        self.tls = local_tls.make_ready(folder / "tls", [], "balai")
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(put_in(CONFIGURATION.read_text(), *self._own(nodes), *changed))
        self.trusting = local_tls.trusting(self.tls.authority)
        self.process: subprocess.Popen[bytes] | None = None

    def _own(self, nodes: Sequence[int]) -> list[tuple[str, str]]:
        """Addresses, ports, certificates, and a place for files that need not be root's."""
        places = "".join(
            f"{what}_temp_path {self.folder}/{what};" for what in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
        )
        return [
            (f"{CERTIFICATE}fullchain.pem", str(self.tls.certificate)),
            (f"{CERTIFICATE}privkey.pem", str(self.tls.key)),
            ("kota.example.id", NAME),
            ("listen 80", f"listen 127.0.0.1:{self.plain_port}"),
            ("listen 443", f"listen 127.0.0.1:{self.port}"),
            *((example, f"127.0.0.1:{port}") for example, port in zip(NODES, nodes, strict=True)),
            ("user www-data;", "user root;" if os.geteuid() == 0 else ""),
            ("worker_processes auto;", "worker_processes 1;"),
            ("worker_connections 32768;", "worker_connections 1024;"),
            ("worker_rlimit_nofile 65536;", ""),
            ("http {", f"http {{ {places}"),
            ("/var/log/nginx", str(self.folder)),
            ("/var/lib/nginx", str(self.folder)),
        ]

    def command(self, *more: str) -> list[str]:
        ours = f"pid {self.folder}/pid; daemon off;"
        return ["nginx", "-p", str(self.folder), "-c", str(self.configuration), "-g", ours, *more]

    def start(self) -> Front:
        with (self.folder / "said.txt").open("wb") as said:
            self.process = subprocess.Popen(self.command(), stderr=said)
        assert eventually(self._listens), (self.folder / "said.txt").read_text()
        return self

    def _listens(self) -> bool:
        assert self.process.poll() is None, (self.folder / "said.txt").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def line(self, name: str = NAME, timeout: float = PATIENCE) -> http.client.HTTPSConnection:
        """A connection by TLS, as a browser opens it that was told this name."""
        line = http.client.HTTPSConnection(name, self.port, timeout=timeout)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout)
        try:
            line.sock = self.trusting.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise
        return line

    def ask(self, method: str, path: str, cookie: str = "", body: str | bytes | None = None, **headers: str) -> Answer:
        """One request on a line of its own, from a page of this site. Whatever breaks on the way is an OSError."""
        known = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Referer": f"https://{NAME}/"}
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self.line()) as line:
            try:
                line.request(method, path, body, known | told)
                response = line.getresponse()
                text = response.read().decode("utf-8", "replace")
            except http.client.HTTPException as broken:
                raise ConnectionError(repr(broken)) from broken
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)

    def log(self) -> str:
        """What nginx notes of each request when it has ended."""
        return (self.folder / "access.log").read_text()

    def nodes_asked(self) -> set[int]:
        """The ports of the nodes that have answered something."""
        return {int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", self.log())}
