"""The permit offices as a demo shows them: 90 days that were lived through once, and a day that goes on.

All of it by the use cases that people use. Nobody in it is real, and whoever has an account is a visitor: present.py
tells how the demo's people leave visitors alone, and how they serve them.
"""

from blueprints.perizinan.demo import past
from blueprints.perizinan.demo.present import Offices
from webapp import demo

_offices = Offices()
MORNING = demo.Morning(prepare=_offices.prepare, tick=_offices.tick, past=past.live_until)
