"""What is done at the tablet and on phones, at a node or through the front door."""

from urllib.parse import urlencode

from tests.bad_days.visitors import Answer, Visitor, ask
from tests.nodes.conftest import Story
from tests.nodes.front import Front
from tests.servers import Server
from webapp.replay import FIELD


def call_next(node: Server, story: Story) -> None:
    """The nurse presses, at this node."""
    form = {"seen": story.revision(), "csrf_token": story.nurse.csrf_token}
    answer = ask(node, "POST", f"/dokter/shifts/{story.shift_id}/call", story.nurse.cookie, urlencode(form))
    assert answer.status == 303 and answer.headers["location"].endswith("/tablet"), answer.text


def take_ticket(front: Front, story: Story, visitor: Visitor) -> Answer:
    """Through the front door. A second time it is the same form, with the same key."""
    form = {"share": "jkn", FIELD: visitor.key, "csrf_token": visitor.csrf_token}
    return front.ask("POST", f"/dokter/shifts/{story.shift_id}/ticket", visitor.cookie, urlencode(form))
