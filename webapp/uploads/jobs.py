"""What happens to files by itself."""

from webapp.jobs import Sweep
from webapp.uploads import actions

SWEEPS = (Sweep(actions.drop_strays, every=60),)
