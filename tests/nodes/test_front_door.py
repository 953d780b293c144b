"""What the configuration of nginx promises, each with its control where one can be made."""

import http.client
import json
import re
import socket
import ssl
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.nodes.conftest import City, Cluster, Story, Watch, front_of
from tests.nodes.desk import call_next
from tests.nodes.front import CONFIGURATION, NAME, Front
from tests.nodes.stub import answers, full, hangs_up, loses_power, stubs
from tests.servers import eventually
from webapp import create_app, intake
from webapp.hypermedia import DIST
from webapp.live.feed import BEAT
from webapp.settings import Settings

pytestmark = pytest.mark.only("postgresql")
SOON, A_WHILE = 30.0, 5.0
SLOW = 100
STREAM = "/live?watch=a"


def test_nginx_finds_no_fault_in_the_file(tmp_path: Path):
    front = Front(tmp_path / "nginx", [1, 2])
    said = subprocess.run(front.command("-t"), capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def test_nginx_finds_the_fault_in_a_file_that_has_one(tmp_path: Path):
    front = Front(tmp_path / "nginx", [1, 2], ("least_conn;", "least_con;"))
    assert subprocess.run(front.command("-t"), capture_output=True, check=False).returncode == 1


# --- who is let in


def test_another_name_is_refused_before_a_word_is_said(front: Front):
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        front.line("evil.example")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"{NAME}.evil.example"])
def test_a_host_header_of_another_site_gets_no_answer(front: Front, host: str):
    """By TLS under our own name, and plainly: what it would poison is never made."""
    with pytest.raises(OSError):
        front.ask("GET", "/", Host=host)
    with closing(http.client.HTTPConnection("127.0.0.1", front.plain_port, timeout=SOON)) as line:
        line.request("GET", "/", headers={"Host": host})
        with pytest.raises(OSError):
            line.getresponse()


def test_plain_http_leads_to_https_by_our_own_name(front: Front):
    with closing(http.client.HTTPConnection("127.0.0.1", front.plain_port, timeout=SOON)) as line:
        line.request("GET", "/dokter/?day=1", headers={"Host": NAME})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/dokter/?day=1")


def test_nodes_are_told_who_asks_whatever_a_stranger_writes(tmp_path: Path):
    with stubs(answers("200 OK"), answers("200 OK")) as two:
        with front_of(tmp_path / "nginx", [stub.port for stub in two]) as front:
            front.ask("GET", "/", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http")
        (head,) = [head for stub in two for head in stub.heard]
    assert re.findall(r"(?im)^x-forwarded-for: (.*?)\r$", head) == ["127.0.0.1"]
    assert re.findall(r"(?im)^x-forwarded-proto: (.*?)\r$", head) == ["https"]
    assert re.findall(r"(?im)^host: (.*?)\r$", head) == [NAME]


# --- what is answered


def test_pages_are_small_safe_and_remembered_as_https(front: Front, story: Story):
    page = front.ask("GET", f"/dokter/shifts/{story.shift_id}", Accept_Encoding="gzip")
    assert page.headers["content-encoding"] == "gzip"
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert page.headers["set-cookie"].startswith("__Host-session=") and "; Secure" in page.headers["set-cookie"]
    assert "nginx/" not in page.headers["server"], "no version"


def test_the_worker_of_the_app_is_never_old(front: Front):
    worker = front.ask("GET", "/sw.js")
    assert worker.status == 200 and worker.headers["cache-control"] == "no-cache"
    assert front.ask("GET", "/sw.js").status == 200
    assert "HIT" not in front.log()


def test_the_largest_form_of_the_application_gets_through(settings: Settings):
    """Else nginx would answer in its own words, and the person would not learn what is too large."""
    views = create_app(settings).view_functions.values()
    files = max(getattr(view, "files", 0) for view in views)
    room = int(re.search(r"client_max_body_size (\d+)m;", CONFIGURATION.read_text())[1])
    assert files and room * intake.MEGABYTE >= 1_000_000 + files * intake.LARGEST_FILE


def test_what_is_larger_than_any_form_is_told_by_nginx_in_our_words(front: Front):
    told = front.ask("POST", "/sign-in", Content_Length=str(101 * intake.MEGABYTE))
    assert told.status == 413 and "terlalu besar" in told.text and "10 MB" in told.text
    assert told.headers["content-security-policy"].startswith("default-src 'none';")


def test_what_is_too_large_for_a_form_is_told_by_the_application(front: Front, story: Story):
    person = story.crowd[0]
    body = f"csrf_token={person.csrf_token}&share=" + "x" * 2_000_000
    told = front.ask("POST", f"/dokter/shifts/{story.shift_id}/ticket", person.cookie, body)
    assert told.status == 413 and "10 MB" in told.text


def test_no_address_and_no_path_of_anybody_is_written_down(front: Front, story: Story):
    front.ask("GET", "/dokter/tickets/ABC-DEF?secret=1")
    assert eventually(front.log, SOON)
    assert "GET 303" in front.log()
    assert not re.search(r"ABC-DEF|secret|/dokter|^127\.0\.0\.1| 127\.0\.0\.1 ", front.log())


# --- files named by their content


def hashed_file() -> str:
    return "/static/dist/" + json.loads((DIST / "manifest.json").read_text())["files"]["app.js"]["file"]


def test_a_built_file_is_asked_for_once(front: Front):
    """Whoever asks: signed in or not, with or without gzip."""
    for cookie, encoding in (("", "identity"), ("__Host-session=a", "identity"), ("__Host-session=b", "gzip")):
        given = front.ask("GET", hashed_file(), cookie, Accept_Encoding=encoding)
        assert given.status == 200 and "immutable" in given.headers["cache-control"]
    assert eventually(lambda: front.log().count("cache=HIT") == 2, SOON), front.log()


def test_a_file_that_only_one_node_has_is_found(tmp_path: Path):
    """While a new version is rolled out. The control: without the rule every other request would miss it."""
    immutable = {"Cache_Control": "public, max-age=31536000, immutable"}
    rule = ("proxy_next_upstream error timeout http_404;", "proxy_next_upstream error timeout;")
    for changed, found in (((), {200}), ((rule,), {200, 404})):
        with stubs(answers("404 Not Found"), answers("200 OK", "new", **immutable)) as two:
            folder = tmp_path / f"nginx-{len(found)}"
            with front_of(folder, [stub.port for stub in two], *changed) as front:
                statuses = {front.ask("GET", f"/static/dist/new-{n:08d}.js").status for n in range(6)}
        assert statuses == found


def test_a_file_that_no_node_has_is_missing_and_harms_no_node(tmp_path: Path):
    nothing = answers("404 Not Found")
    with stubs(nothing, nothing) as (one, other), front_of(tmp_path / "nginx", [one.port, other.port]) as front:
        for number in range(8):
            assert front.ask("GET", f"/static/dist/old-{number:08d}.js").status == 404
        assert front.ask("GET", "/").status == 404, "an answer of a node, not an apology"


# --- nodes that fail


def test_a_form_that_a_node_has_taken_is_never_sent_again_by_nginx(tmp_path: Path):
    """A page is; and so is a form that could not be handed over. The control shows what one word more would do."""
    twice = ("proxy_next_upstream error timeout;", "proxy_next_upstream error timeout non_idempotent;")
    for method, changed, times in (("POST", (), 1), ("GET", (), 2), ("POST", (twice,), 2)):
        with stubs(hangs_up, hangs_up) as two:
            folder = tmp_path / f"nginx-{method}-{len(changed)}"
            with front_of(folder, [stub.port for stub in two], *changed) as front:
                answer = front.ask(method, "/", body="a=1" if method == "POST" else None)
            heard = [head.partition(" ")[0] for stub in two for head in stub.heard]
        assert answer.status == 503 and "kirim lagi" in answer.text and answer.headers["retry-after"]
        assert answer.headers["x-away"] and "<main>" in answer.text, "for the app on a phone: pages.js and notice.js"
        assert "<style>" in answer.text and "style-src" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"] and answer.headers["cache-control"] == "no-store"
        assert heard == [method] * times


def test_a_form_for_a_node_that_is_not_there_goes_to_the_other(tmp_path: Path):
    with stubs(answers("200 OK"), answers("200 OK")) as (gone, there):
        gone.stop()
        with front_of(tmp_path / "nginx", [gone.port, there.port]) as front:
            assert [front.ask("POST", "/", body="a=1").status for _n in range(6)] == [200] * 6
        assert len(there.heard) == 6


# --- streams


def test_a_stream_is_passed_on_at_once(city: City, cluster: Cluster, front: Front, story: Story, watch: Watch):
    assert story.crowd[0].take_ticket(cluster.nodes[0], story.shift_id).code
    (reader,) = watch(front.line)
    assert eventually(lambda: reader.sees(""), SOON)
    call_next(cluster.nodes[1], story)
    assert eventually(lambda: reader.sees("1"), SOON)


def test_with_buffers_it_would_not_be(cluster: Cluster, story: Story, watch: Watch, tmp_path: Path):
    """The control. The application asks for no buffers by a header, too: here nginx does not listen to it."""
    deaf = ("proxy_buffering off;", "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;")
    with front_of(tmp_path / "nginx", cluster.ports, deaf) as front:
        (reader,) = watch(front.line)
        assert eventually(lambda: established(cluster), SOON), "a node holds the stream"
        call_next(cluster.nodes[1], story)
        assert not eventually(lambda: reader.called, A_WHILE)
        reader.end()


def test_of_a_full_node_the_other_is_asked(tmp_path: Path):
    """The control: without the rule every other stream is refused while there is room."""
    rule = ("proxy_next_upstream error timeout http_503;", "")
    for changed, found in (((), {200}), ((rule,), {200, 503})):
        with stubs(full, answers("200 OK")) as two:
            folder = tmp_path / f"nginx-{len(found)}"
            with front_of(folder, [stub.port for stub in two], *changed) as front:
                assert {front.ask("GET", STREAM).status for _n in range(6)} == found


def test_nodes_without_room_for_streams_go_on_with_pages(tmp_path: Path):
    """The control: with one list of nodes for both a full city would have no pages either, ten seconds at a time."""
    one_list = ("proxy_pass http://streams;", "proxy_pass http://nodes;")
    for changed, found in (((), {200}), ((one_list,), {503})):
        with stubs(full, full) as two:
            folder = tmp_path / f"nginx-{len(changed)}"
            with front_of(folder, [stub.port for stub in two], *changed) as front:
                assert {front.ask("GET", STREAM).status for _n in range(6)} == {503}
                assert {front.ask("GET", "/").status for _n in range(6)} == found


def test_a_node_that_has_lost_its_power_does_not_keep_its_streams(tmp_path: Path):
    """One beat may be late; and phones look for themselves after 45 s of silence."""
    (patience,) = re.findall(r"proxy_read_timeout (\d+)s;", CONFIGURATION.read_text().partition("location = /live")[2])
    assert 2 * BEAT < int(patience) < 45
    soon = (f"proxy_read_timeout {patience}s;", "proxy_read_timeout 1s;")
    with (
        stubs(loses_power, loses_power) as two,
        front_of(tmp_path / "nginx", [one.port for one in two], soon) as front,
        closing(front.line(timeout=SOON)) as line,
    ):
        line.request("GET", STREAM)
        with pytest.raises(http.client.IncompleteRead, match="bytes read"):
            line.getresponse().read()


# --- slow senders


def test_slow_senders_take_no_place_on_a_node(front: Front, cluster: Cluster):
    """T83, in small: they begin a request and do not go on; of a node's 64 threads none is theirs."""
    with ExitStack() as idle:
        for _number in range(SLOW):
            line = idle.enter_context(closing(front.line()))
            line.putrequest("POST", "/sign-in")
            line.putheader("Content-Length", "1000")
            line.endheaders(b"a")
        assert front.ask("GET", "/healthz").status == 200
        assert established(cluster) < SLOW // 10


def test_without_nginx_they_would(cluster: Cluster):
    """The control: at a node itself every one of them holds a line."""
    with ExitStack() as idle:
        for _number in range(SLOW):
            line = idle.enter_context(socket.create_connection(("127.0.0.1", cluster.ports[0])))
            line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\na")
        assert eventually(lambda: established(cluster) >= SLOW, SOON)


def established(cluster: Cluster) -> int:
    """How many lines the nodes hold open."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {f"{port:04X}" for port in cluster.ports}
    return sum(row[1].rpartition(":")[2] in ports and row[3] == "01" for row in rows)
