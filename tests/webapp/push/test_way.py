"""From a fact to the phone: the notice, its delivery, the push service."""

from blueprints.dokter import actions as queue_actions
from tests import people
from tests.factories import clinics as make
from tests.webapp.push.conftest import subscribed
from webapp.push.worker import send_what_is_due


def test_who_is_called_hears_it_on_the_phone(city, service, siti):
    shift, phone = make.a_shift(), service.phone("siti")
    nurse = people.ani()
    subscribed(siti, phone)
    ticket = make.a_ticket(shift, siti)
    queue_actions.call_next(shift.id, shift.revision, by=nurse)
    send_what_is_due(city)
    [push] = service.pushes
    assert push.said["text"] == "Silakan masuk, Anda dipanggil."
    assert push.said["path"] == f"/dokter/tickets/{ticket.spoken_code}"
    assert push.headers["urgency"] == "high" and int(push.headers["ttl"]) <= 600
