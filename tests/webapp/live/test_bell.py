"""The bell that all processes of one server hear."""

import os

from webapp.live.bell import Bell


def test_it_is_heard_once():
    bell = Bell()
    assert not bell.rang()
    bell.ring()
    assert bell.rang() and not bell.rang()


def test_another_process_rings_it():
    bell = Bell()
    child = os.fork()
    if child == 0:
        bell.ring()
        os._exit(0)
    os.waitpid(child, 0)
    assert bell.rang()
