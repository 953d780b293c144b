"""What a phone is told of each step of its ticket and of its session: one line in the inbox, one message."""

import pytest
from sqlalchemy import func, select

from blueprints.dokter import actions, interrupting
from blueprints.dokter.models import Shift
from tests import people
from tests.factories import clinics as make
from tests.webapp.push.conftest import later
from webapp.db import db
from webapp.notify import Notice
from webapp.push.worker import send_what_is_due

COME, MISSED = "Silakan masuk, Anda dipanggil.", "Anda sudah dipanggil. Silakan temui petugas."
LATER = "Mulainya mundur. Buka aplikasi untuk melihat jamnya."
OFF = "Hari ini tidak jadi. Buka aplikasi untuk melihat langkah berikutnya."


class Desk:
    """A nurse's, with Siti the only one who waits."""

    def __init__(self, siti) -> None:
        shift = make.a_shift()
        self.nurse, self.shift_id = people.ani(), shift.id
        self.code = make.a_ticket(shift, siti).code

    @property
    def seen(self) -> int:
        db.session.expire_all()
        return db.session.get_one(Shift, self.shift_id).revision

    def call(self) -> None:
        actions.call_next(self.shift_id, self.seen, by=self.nurse)

    def move(self, step: str) -> None:
        actions.move_ticket(self.code, step, self.seen, by=self.nurse)

    def delay(self) -> None:
        interrupting.delay(self.shift_id, self.seen, 30, "emergency", by=self.nurse)

    def close(self) -> None:
        interrupting.close(self.shift_id, self.seen, by=self.nurse)


STEPS = {
    "called": [(Desk.call, COME)],
    "called again": [(Desk.call, COME), (lambda desk: desk.move("recall"), COME)],
    "missed": [(Desk.call, COME), (lambda desk: desk.move("skip"), MISSED)],
    "called back": [
        (Desk.call, COME), (lambda desk: desk.move("skip"), MISSED), (lambda desk: desk.move("call_back"), COME),
    ],
    "delayed, then closed": [(Desk.delay, LATER), (Desk.close, OFF)],
}  # fmt: skip


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_each_step_is_told_once_in_the_inbox_and_on_the_phone(city, service, phone, siti, steps):
    desk, told = Desk(siti), []
    for number, (step, words) in enumerate(steps, 1):
        step(desk)
        told.append(words)
        with later(seconds=5 * number):
            send_what_is_due(city)
            send_what_is_due(city)
        assert [each["text"] for each in service.said_to(phone)] == told
        assert db.session.scalar(select(func.count(Notice.id)).where(Notice.person_id == siti.id)) == number
