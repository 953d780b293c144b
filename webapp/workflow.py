"""State machines: one table per workflow, and the only code that assigns a `.state`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint

from webapp import events
from webapp.access import Actor, allowed, demand
from webapp.errors import Refusal
from webapp.i18n import gettext as _

_known: dict[str, "Workflow"] = {}


@dataclass(frozen=True)
class Step:
    """One arrow of the diagram: from which states, to which, and which permission it needs."""

    name: str
    origin: tuple[str, ...]
    to: str
    permission: str


class Workflow:
    """The states of one kind of thing. `subject` is the event prefix; the first state listed is where things begin."""

    def __init__(self, subject: str, model: Any, begins: str, steps: Sequence[Step]) -> None:
        if _known.setdefault(subject, self) is not self:
            raise ValueError(f"the workflow {subject} is given twice")
        self.subject, self.begins = subject, begins
        self.steps = {step.name: step for step in steps}
        self.states = tuple(dict.fromkeys([begins, *(s for step in steps for s in (*step.origin, step.to))]))
        allowed_states = ", ".join(f"'{state}'" for state in self.states)
        model.__table__.append_constraint(CheckConstraint(f"state IN ({allowed_states})", name="known_state"))

    def move(self, thing: Any, step_name: str, by: Actor, **facts: Any) -> None:
        """Take one step: permission, source state, new state, event.

        Raises NotAllowed or Refusal; of two who move the same version at once, the second commit raises StaleDataError.
        """
        step = self.steps[step_name]
        demand(by, step.permission, thing)
        if thing.state not in step.origin:
            raise Refusal(_("Someone has just changed this. Please reload."))
        before, thing.state = thing.state, step.to
        events.record(f"{self.subject}.{step.name}", thing, by, before=before, **facts)

    def open_steps(self, thing: Any, by: Actor | None) -> set[str]:
        """The names of the steps that would work now, for drawing buttons."""
        return {
            step.name
            for step in self.steps.values()
            if thing.state in step.origin and allowed(by, step.permission, thing)
        }


def all_workflows() -> list[Workflow]:
    """Every workflow, by the name of its subject."""
    return sorted(_known.values(), key=lambda workflow: workflow.subject)
