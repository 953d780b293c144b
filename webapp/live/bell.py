"""What one process of this server commits, its other processes hear at once, without asking the database."""

import fcntl
import os
import select
import time

WIRES = 16  # processes that can be called; more only look at the log as often as they do anyway


class Bell:
    """One wire for each process that the server forks from the one that made the bell."""

    def __init__(self) -> None:
        self._book = os.memfd_create("bell")  # one byte for each wire: whoever holds the lock of it, waits there
        self._wires = [os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC) for _wire in range(WIRES)]
        self._own: tuple[int, int | None] = (0, None)  # which process found which wire

    def ring(self) -> None:
        """Wake all processes."""
        for wire in self._wires:
            os.eventfd_write(wire, 1)

    def ring_here(self) -> None:
        """Wake this one alone."""
        if (wire := self._wire()) is not None:
            os.eventfd_write(wire, 1)

    def wait(self, seconds: float) -> bool:
        """Until somebody rings, or so long. Returns whether somebody did."""
        if (wire := self._wire()) is None:
            time.sleep(seconds)
            return False
        ear = select.poll()
        ear.register(wire, select.POLLIN)
        rang = bool(ear.poll(seconds * 1000))
        if rang:
            os.eventfd_read(wire)
        return rang

    def _wire(self) -> int | None:
        """The wire of this process. The kernel lets go of it when the process ends, however it ends."""
        if self._own[0] != os.getpid():
            self._own = (os.getpid(), next(filter(None, map(self._taken, range(WIRES))), None))
        return self._own[1]

    def _taken(self, place: int) -> int | None:
        try:
            fcntl.lockf(self._book, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return None
        return self._wires[place]
