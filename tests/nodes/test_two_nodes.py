"""Two nodes, one city: what happens on one is seen on the other, and when one dies, nobody loses anything."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bad_days.visitors import Visitor
from tests.factories import permits
from tests.nodes.conftest import CROWD, City, Cluster, Story, Watch, kill
from tests.nodes.desk import call_next, take_ticket
from tests.nodes.front import Front
from tests.servers import Server, eventually
from webapp.accounts.models import Person
from webapp.db import db

pytestmark = pytest.mark.only("postgresql")
WATCHERS = 12
BOUNDARY = "a-boundary-of-the-tests"
SOON = 30.0  # seconds; this machine may be busy


def line_to(node: Server):
    return lambda: http.client.HTTPConnection("127.0.0.1", node.port, timeout=SOON)


def test_a_call_on_one_node_moves_the_phones_on_the_other(story: Story, cluster: Cluster, watch: Watch):
    here, there = cluster.nodes
    for visitor in story.crowd[:2]:
        assert visitor.take_ticket(here, story.shift_id).code
    (reader,) = watch(line_to(there))
    assert eventually(lambda: reader.sees(""), SOON)
    for node, number in ((here, "1"), (there, "2")):
        call_next(node, story)
        assert eventually(lambda number=number: reader.sees(number), SOON), reader.called
    assert reader.opened == 1 and reader.breaks == 0


def test_a_session_and_its_forms_are_good_on_every_node(story: Story, cluster: Cluster, front: Front):
    """A page from one node, its form sent to the other: the cookie and the token are signed by the same secret."""
    visitor = story.crowd[0]
    for node in cluster.nodes:
        page = visitor.open(node, f"/dokter/shifts/{story.shift_id}")
        assert page.status == 200 and "Keluar" in visitor.open(node, "/account").text
    code = visitor.take_ticket(cluster.nodes[0], story.shift_id).code
    assert code and visitor.take_ticket(cluster.nodes[1], story.shift_id).code == code, "the same form: the same ticket"
    assert len(story.tickets()) == 1


def test_one_node_dies_and_its_watchers_come_back_on_the_other(
    story: Story, cluster: Cluster, front: Front, watch: Watch
):
    lost, left = cluster.nodes
    for visitor in story.crowd[:3]:
        assert visitor.take_ticket(left, story.shift_id).code
    readers = watch(front.line, WATCHERS)
    assert eventually(lambda: all(reader.sees("") for reader in readers), SOON)
    call_next(lost, story)
    assert eventually(lambda: all(reader.sees("1") for reader in readers), SOON)
    assert all(reader.breaks == 0 for reader in readers)

    kill(lost)
    call_next(left, story)  # while some are cut off
    assert eventually(lambda: all(reader.sees("2") for reader in readers), SOON), [one.called for one in readers]
    came_back = [reader for reader in readers if reader.breaks]
    assert 0 < len(came_back) < WATCHERS, "both nodes held streams; only those of the dead one broke off"
    assert [reader.refused for reader in readers if reader.refused] == []

    call_next(left, story)
    assert eventually(lambda: all(reader.sees("3") for reader in readers), SOON)

    lost.start()
    assert eventually(lambda: _is_asked_again(front, lost), SOON), "nginx finds it again by itself"


def _is_asked_again(front: Front, node: Server) -> bool:
    written = len(front.log())
    for _try in range(4):
        assert front.ask("GET", "/healthz").status == 200
    return f":{node.port} 200" in front.log()[written:]


def test_what_is_sent_while_a_node_dies_is_done_once_or_clearly_not(story: Story, cluster: Cluster, front: Front):
    """Whoever got no ticket sends the same form again, and has one in the end; nobody has two."""
    lost, _left = cluster.nodes
    confirmed: dict[int, str] = {}
    unclear: list[int] = []
    lock, all_are_here = threading.Lock(), threading.Barrier(CROWD)

    def rush(visitor: Visitor) -> None:
        all_are_here.wait(60)
        answer = take_ticket(front, story, visitor)
        with lock:
            if len(confirmed) + len(unclear) == CROWD // 4:
                kill(lost)
            if answer.code:
                confirmed[visitor.person_id] = answer.code
            else:
                assert answer.status == 503 and "kirim lagi" in answer.text, f"{answer.status}: neither yes nor no"
                assert answer.headers["retry-after"]
                unclear.append(visitor.person_id)

    with ThreadPoolExecutor(CROWD) as town:
        list(town.map(rush, story.crowd))
    assert {ticket.person_id: ticket.spoken_code for ticket in story.tickets()}.items() >= confirmed.items()

    for visitor in story.crowd:
        code = take_ticket(front, story, visitor).code
        assert code and confirmed.setdefault(visitor.person_id, code) == code, "the same ticket as before"
    tickets = story.tickets()
    assert {ticket.person_id: ticket.spoken_code for ticket in tickets} == confirmed
    assert [ticket.number for ticket in tickets] == list(range(1, CROWD + 1))


def test_what_is_handed_in_at_one_node_is_given_out_by_the_other(
    story: Story, city: City, cluster: Cluster, front: Front
):
    """The folder is common, as UPLOADS says. The control: each node for itself has nothing."""
    permits.Office()
    permits.a_type()
    visitor = story.crowd[0]
    case = permits.a_draft(db.session.get_one(Person, visitor.person_id)).spoken_code
    paper, body = f"/perizinan/applications/{case}/papers/ktp", form_with(permits.a_card(), visitor.csrf_token)
    sent = front.ask("POST", paper, visitor.cookie, body, Content_Type=f"multipart/form-data; boundary={BOUNDARY}")
    assert sent.status == 303, sent.text

    def given() -> set[int]:
        return {visitor.open(node, f"{paper}/file").status for node in cluster.nodes}

    assert given() == {200}
    (city.folder / "uploads").rename(city.folder / "away")
    assert 200 not in given()


def form_with(picture: bytes, csrf_token: str) -> bytes:
    """What a browser sends when somebody has chosen a file."""
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{csrf_token}\r\n'
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="ktp.jpg"\r\n'
    return f"{field}{file}Content-Type: image/jpeg\r\n\r\n".encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
