"""The gateway's word (T56): one paid state, or held where somebody looks at it; nobody else is believed."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from tests.conftest import TUESDAY
from tests.pages import Wire
from tests.webapp.payments.conftest import SECRET, Teller, events_of, payments, together
from tests.webapp.payments.stall import CANCELLED, CHILI, PRICE, RICE, UNKNOWN
from webapp import clock
from webapp.db import db
from webapp.limits import limiter
from webapp.payments import queries, settling, signature
from webapp.payments.models import Payment

ACCEPTED, HELD = (200, {"status": "accepted"}), (200, {"status": "held"})


def heard(answer) -> tuple[int, dict[str, str]]:
    return answer.status_code, answer.get_json()


# --- what the gateway says is true


def test_a_payment_that_fits_is_accepted(teller):
    assert heard(teller.says()) == ACCEPTED
    assert payments() == [("R-1", "accepted", "")]
    (payment,) = db.session.query(Payment)
    assert payment.paid_at == clock.at(TUESDAY, time(8)), "naive UTC"
    assert events_of("payments.payment.arrive") == [{"payment_id": payment.id, "state": "accepted", "reason": ""}]


def test_the_same_word_again_has_the_same_answer_and_no_effect(teller):
    for _time in range(3):
        assert heard(teller.says()) == ACCEPTED
    assert payments() == [("R-1", "accepted", "")]
    assert len(events_of("payments.payment.arrive")) == 1


def test_a_held_payment_is_answered_alike_too_also_when_the_money_was_given_back(teller):
    assert heard(teller.says(code=UNKNOWN)) == HELD
    db.session.query(Payment).update({"state": "returned"})
    db.session.commit()
    assert heard(teller.says(code=UNKNOWN)) == HELD
    assert payments() == [("R-1", "returned", "unknown")]


def test_paid_twice_is_paid_once_and_the_second_is_held(teller):
    assert heard(teller.says(reference="R-1")) == ACCEPTED
    assert heard(teller.says(reference="R-2")) == HELD
    assert payments() == [("R-1", "accepted", ""), ("R-2", "held", "already_paid")]
    assert queries.held_count() == 1


def test_words_out_of_order_make_one_paid_state(teller):
    """The later payment is told first: it is the one that counts, and the earlier is held when it comes."""
    assert heard(teller.says(reference="later", paid_at="2026-11-24T09:00:00+07:00")) == ACCEPTED
    assert heard(teller.says(reference="earlier", paid_at="2026-11-24T07:00:00+07:00")) == HELD
    assert payments() == [("later", "accepted", ""), ("earlier", "held", "already_paid")]


def test_money_that_comes_after_the_bill_was_cancelled_is_held(teller):
    assert heard(teller.says(code=CANCELLED)) == HELD
    assert payments() == [("R-1", "held", "cancelled")]


def test_a_word_that_comes_days_late_counts_if_the_bill_is_still_open(teller):
    with clock.frozen(clock.at(TUESDAY + timedelta(days=9), time(8))):
        assert heard(teller.says()) == ACCEPTED


@pytest.mark.parametrize("amount", [1, PRICE - 1, PRICE + 1, 10 * PRICE])
def test_a_wrong_amount_is_held_and_the_right_one_still_pays(teller, amount):
    assert heard(teller.says(amount=amount)) == HELD
    assert heard(teller.says(reference="R-2")) == ACCEPTED
    assert payments() == [("R-1", "held", "wrong_amount"), ("R-2", "accepted", "")]


@pytest.mark.parametrize("code", [UNKNOWN, "XX-0001-AAAA", "nothing", "-", "TT"])
def test_a_code_that_nobody_knows_is_held(teller, code):
    assert heard(teller.says(code=code)) == HELD
    assert payments() == [("R-1", "held", "unknown")]
    (told,) = events_of("payments.payment.arrive")
    assert (told["state"], told["reason"]) == ("held", "unknown")


@pytest.mark.parametrize(
    "other", [{"amount": PRICE + 1}, {"code": CHILI}, {"paid_at": "2026-11-24T08:00:01+07:00"}], ids=str
)
def test_a_known_reference_that_says_something_else_changes_nothing_and_is_told_once(teller, other):
    teller.says()
    for _time in range(3):
        assert heard(teller.says(**other)) == (409, {"status": "conflict"})
    assert payments() == [("R-1", "accepted", "")]
    assert len(events_of("payments.payment.differ")) == 1
    assert heard(teller.says()) == ACCEPTED


def test_the_same_moment_in_another_time_zone_is_the_same_word(teller):
    teller.says()
    assert heard(teller.says(paid_at="2026-11-24T01:00:00Z")) == ACCEPTED


def test_when_the_service_fails_nothing_is_kept_and_the_next_call_counts(teller, monkeypatch):
    def fails(_payment: Payment) -> str:
        raise OSError("today only")

    with monkeypatch.context() as today:
        today.setitem(settling._settlers, "TT", fails)
        assert teller.says().status_code == 500
    assert payments() == [] and events_of("payments.payment.arrive") == []
    assert heard(teller.says()) == ACCEPTED


# --- who is not the gateway


def nothing_happened() -> bool:
    return payments() == [] and not queries.held_count()


def test_another_secret_is_refused(teller):
    assert heard(Teller(teller.app, secret="a guess of the same length, just as long").says()) == (
        403, {"status": "refused"},
    )  # fmt: skip
    assert nothing_happened()
    assert events_of("payments.callback.refuse") == [{"reason": "signature"}]


def test_words_changed_on_the_way_are_refused(teller):
    body = b'{"reference": "R-1"}'
    signed = signature.headers(SECRET, body)
    assert teller.sends(body + b" ", **signed).status_code == 403
    assert nothing_happened()


def test_a_signature_with_another_time_is_refused(teller):
    body = b"{}"
    signed = signature.headers(SECRET, body)
    later = {signature.TIMESTAMP: str(int(signed[signature.TIMESTAMP]) + 1)}
    assert teller.sends(body, **{**signed, **later}).status_code == 403


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 24])
def test_a_stale_word_is_refused_however_well_it_is_signed(teller, minutes):
    with clock.frozen(clock.machine() + timedelta(minutes=minutes)):
        then = signature.headers(SECRET, b"{}")
    assert teller.sends(b"{}", **then).status_code == 403
    assert events_of("payments.callback.refuse") == [{"reason": "stale"}]


@pytest.mark.parametrize("minutes", [-9, 9])
def test_clocks_may_differ_a_little(teller, minutes):
    """And the demo's clock, which is days ahead, does not matter: only the machine's is asked."""
    with clock.frozen(clock.machine() + timedelta(minutes=minutes)):
        then = signature.headers(SECRET, b"{}")
    assert teller.sends(b"{}", **then).status_code == 400


@pytest.mark.parametrize(
    ("timestamp", "sig"),
    [("", ""), ("now", "0" * 64), ("9" * 5000, "x"), ("1", "\xff\xfe"), ("-1", "0"), ("1764000000", "")],
)
def test_nonsense_in_the_headers_is_refused(teller, timestamp, sig):
    assert teller.sends(b"{}", **{signature.TIMESTAMP: timestamp, signature.SIGNATURE: sig}).status_code == 403
    assert nothing_happened()


@pytest.mark.parametrize("timestamp", ["now", "9" * 5000, "-1", "1e9", "٣"])
def test_a_well_signed_time_that_is_none_is_stale(app, timestamp):
    signed = signature._digest(SECRET, "callback", timestamp, b"{}")
    assert signature.fault(SECRET, b"{}", timestamp, signed) == "stale"


def test_the_signature_of_a_pay_link_does_not_sign_a_callback(app):
    link = signature.of_link(SECRET, "1764000000", 5, "x")
    assert signature.fault(SECRET, b"x", "1764000000 5", link) == "signature"


def test_while_nothing_is_connected_nobody_is_believed(app):
    """Above all not whoever signs with an empty secret, or with the secret that waits for its gateway."""
    assert Teller(app, secret="").says().status_code == 403
    assert events_of("payments.callback.refuse") == [{"reason": "not_connected"}]
    assert nothing_happened()


def test_without_any_signature_there_is_no_trace_either(teller):
    assert Wire(teller.app).post("/payments/callback", json={}).status_code == 403
    assert nothing_happened() and events_of("payments.callback.refuse") == []


def test_a_thousand_forgeries_in_a_minute_are_one_event(teller):
    forger = Teller(teller.app, secret="x" * 40)
    for _knock in range(30):
        assert forger.says().status_code == 403
    assert len(events_of("payments.callback.refuse")) == 1
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        forger.says()
    assert len(events_of("payments.callback.refuse")) == 2


def test_forgeries_that_come_together_are_one_event_too(teller, blind_at_first):
    blind_at_first("was_refused_in", False)
    forger = Teller(teller.app, secret="x" * 40)
    assert [answer.status_code for answer in together(forger, 20)] == [403] * 20
    assert len(events_of("payments.callback.refuse")) == 1


def test_control_with_the_signature_check_off_a_forger_pays(teller, monkeypatch):
    monkeypatch.setattr(signature, "_same", lambda _given, _right: True)
    with pytest.raises(AssertionError):
        test_another_secret_is_refused(teller)
    assert payments() == [("R-1", "accepted", "")]


def test_strangers_who_knock_too_often_are_told_to_wait(teller):
    answers = [Wire(teller.app).post("/payments/callback").status_code for _knock in range(601)]
    assert answers[-1] == 429 and set(answers[:-1]) == {403}
    limiter.reset()


# --- what nobody can understand

GOOD = {"reference": "R-1", "code": RICE, "amount": PRICE, "paid_at": "2026-11-24T08:00:00+07:00"}
MALFORMED = {
    "nothing": b"", "no JSON": b"reference=R-1", "no UTF-8": b'{"reference": "\xff"}', "a list": b"[]",
    "a number": b"1", "a chasm": b"[" * 4000, "nothing in it": b"{}",
    **{f"without {name}": {k: v for k, v in GOOD.items() if k != name} for name in GOOD},
    "one too many": {**GOOD, "name": "x"},
    **{f"reference {value!r:.20}": {**GOOD, "reference": value}
       for value in ("", "x" * 65, "a b", "a\0b", "é", 5, None)},
    **{f"code {value!r:.20}": {**GOOD, "code": value} for value in ("", "x" * 33, "IZ 1", "IZ-1\n", 5, None)},
    **{f"amount {value!r:.20}": {**GOOD, "amount": value}
       for value in (0, -1, 10**15 + 1, "85000", 85000.0, True, None, float("inf"))},
    **{f"moment {value!r:.20}": {**GOOD, "paid_at": value}
       for value in ("", "yesterday", "2026-11-24T08:00:00", "2026-11-24", "0001-01-01T00:00:00+07:00", 5, None)},
}  # fmt: skip


@pytest.mark.parametrize("said", MALFORMED.values(), ids=MALFORMED)
def test_what_cannot_be_understood_is_malformed(teller, said):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    assert heard(teller.sends(body)) == (400, {"status": "malformed"})
    assert payments() == []


def test_a_long_speech_is_not_listened_to(teller):
    said = json.dumps(GOOD).encode()
    assert teller.sends(said.ljust(4097)).status_code == 413
    assert nothing_happened()
    assert heard(teller.sends(said.ljust(4096))) == ACCEPTED


# --- many at once

TOGETHER = 50


@pytest.fixture
def blind_at_first(monkeypatch) -> Callable[[str, object], None]:
    """Everybody's first look finds nothing, as if all had looked before anybody wrote: the database must decide."""

    def blind(query: str, nothing: object) -> None:
        looked, real = threading.local(), getattr(queries, query)

        def look(*about: object) -> object:
            seen = getattr(looked, "seen", 0)
            looked.seen = seen + 1
            return nothing if seen < BLIND[query] else real(*about)

        monkeypatch.setattr(queries, query, look)

    return blind


BLIND = {"payment_of": 1, "was_refused_in": 2}  # the second looks once before its transaction, too


def all_say_it_together(teller) -> None:
    assert [heard(answer) for answer in together(teller, TOGETHER)] == [ACCEPTED] * TOGETHER
    assert payments() == [("R-1", "accepted", "")]
    assert len(events_of("payments.payment.arrive")) == 1


def test_fifty_duplicates_at_once_are_one_payment(teller):
    all_say_it_together(teller)


def test_fifty_duplicates_of_which_each_looks_before_the_others_write(teller, blind_at_first):
    blind_at_first("payment_of", None)
    all_say_it_together(teller)


@pytest.fixture
def no_unique_reference(app) -> Iterator[None]:
    """The rule of the table itself is taken away, and put back."""

    def change(add: bool) -> None:
        db.session.remove()
        with db.engine.connect().execution_options(writes=True) as connection:
            with Operations(MigrationContext.configure(connection)).batch_alter_table("payment") as table:
                if add:
                    table.create_unique_constraint("payment_reference_key", ["reference"])
                else:
                    table.drop_constraint("payment_reference_key", type_="unique")
            connection.commit()

    change(add=False)
    yield
    db.session.query(Payment).delete()
    db.session.commit()
    change(add=True)


@pytest.mark.usefixtures("no_unique_reference")
def test_control_without_the_unique_reference_there_are_several(teller, blind_at_first):
    blind_at_first("payment_of", None)
    with pytest.raises(AssertionError):
        all_say_it_together(teller)
    assert len(payments()) > 1


# --- services


def test_a_prefix_belongs_to_one_service():
    settler = settling._settlers["TT"]
    settling.settle_with("TT", settler)
    with pytest.raises(ValueError, match="twice"):
        settling.settle_with("TT", lambda _payment: "")


def test_a_service_cannot_hold_money_without_a_reason_that_has_words(teller, monkeypatch):
    monkeypatch.setitem(settling._settlers, "TT", lambda _payment: "moon")
    assert teller.says().status_code == 500
    assert nothing_happened()
