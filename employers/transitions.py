"""Make moves. Nothing else calls a transition.

One transaction: lock, who may, what must hold, the move, its event, its effects and its mail.
"""

from django.db import transaction
from django_fsm import TransitionNotAllowed, can_proceed

from apprenticeship.records.events import record
from employers import effects, letters, permissions
from employers.application import Application
from employers.changes import Facts, another_look, facts_of
from employers.completeness import NotReady, gaps, unconfirmed
from employers.models import Move, Onboarding
from employers.onboarding import EDGE_BY_NAME, Edge, Part, State, leaving
from employers.permissions import By, link_of, user_of

__all__ = [
    "NotReady",
    "TransitionNotAllowed",
    "advance",
    "lock",
    "move_as_system",
    "settle",
    "walk",
    "walk_on",
]


def lock(onboarding: Onboarding) -> Onboarding:
    """Return the onboarding as it is now, locked until the transaction ends."""
    return Onboarding.objects.locked(onboarding.pk)


@transaction.atomic
def advance(onboarding: Onboarding, name: str, *, by: By, reason: str = "", letter: str = "") -> Onboarding:
    """Make the move `name` for `by`, walk on where the data already holds, tell everybody; return the new state.

    `letter` names a mail that says it better than the edge's own. Raises NotAllowed (permissions), NotReady (gaps)
    or TransitionNotAllowed (somebody was quicker).
    """
    edge = EDGE_BY_NAME[name]
    onboarding = lock(onboarding)
    permissions.check(edge, onboarding, by)
    _move(onboarding, edge, by=by, reason=reason)
    walked = [edge, *walk(onboarding, by=by)]
    letters.send_for(onboarding, walked, by=by, reason=reason, letter=letter)
    return onboarding


def walk(onboarding: Onboarding, *, by: By) -> list[Edge]:
    """Complete every next step whose data already holds; stops before anything that needs a person's word."""
    walked: list[Edge] = []
    while edge := leaving(State(onboarding.state)):
        if gaps(Application(onboarding), *edge.completes):
            break
        _move(onboarding, edge, by=by, is_walk=True)
        walked.append(edge.walked)
    return walked


@transaction.atomic
def walk_on(onboarding: Onboarding, *, by: By) -> Onboarding:
    """Walk on from where an application stands, as far as its data holds, with one mail; return the new state."""
    onboarding = lock(onboarding)
    if walked := walk(onboarding, by=by):
        letters.send_for(onboarding, walked, by=by)
    return onboarding


def settle(onboarding: Onboarding, *, by: By, part: Part, before: Facts) -> str:
    """Step back if a completed step no longer holds, and walk forward again. Returns the sentence that says why, or "".

    Call it in the transaction of the save of `part`, with the onboarding locked; `before` is what the part said.
    """
    if not can_proceed(onboarding.step_back):
        return ""
    application = Application(onboarding)
    broken = next((gap for gap in gaps(application) if onboarding.is_past(gap.step)), None)
    if broken is None:
        return ""
    why = another_look(broken, application, before=before, after=facts_of(application, part))
    edge = EDGE_BY_NAME["step_back"]
    _move(onboarding, edge, by=None, reason=why)
    walk(onboarding, by=None)
    letters.send_for(onboarding, [edge], by=by, reason=why)
    return why


def move_as_system(onboarding: Onboarding, edge: Edge, reason: str = "") -> None:
    """Make a side move that follows from a save, of a locked onboarding."""
    _move(onboarding, edge, by=None, reason=reason)


def _move(onboarding: Onboarding, edge: Edge, *, by: By, reason: str = "", is_walk: bool = False) -> None:
    """Make one move of a locked onboarding: guard, transition, event, effects."""
    transition = getattr(onboarding, edge.name)
    if not can_proceed(transition):
        raise TransitionNotAllowed(
            f"{edge.name} from {onboarding.state}", object=onboarding, method=transition
        )
    if edge.completes:
        _check_complete(onboarding, edge)
    source, since = onboarding.state, onboarding.state_since
    transition()
    move = Move(
        onboarding=onboarding, edge=edge.name, source=source, target=onboarding.state, since=since,
        is_walk=is_walk, by=user_of(by), reason=reason,
    )  # fmt: skip
    _keep(move, link_of(by))
    onboarding.state_since = move.at
    onboarding.save()
    effects.apply(edge, onboarding, by=user_of(by), reason=reason)


def _keep(move: Move, link: dict[str, str]) -> None:
    """Store a move and its event, which holds the ids of move and signing link, and no words."""
    data = {"from": move.source, "to": move.target, "move": str(move.pk)} | link
    walked = {"walked": True} if move.is_walk else {}
    chain = move.onboarding.employer.chain
    move.event = record(chain, move.edge, by=move.by, subject=move.onboarding, data=data | walked)
    move.at = move.event.at
    move.save()


def _check_complete(onboarding: Onboarding, edge: Edge) -> None:
    """Raise NotReady with every gap of the parts that a move completes, unanswered change requests included."""
    application = Application(onboarding)
    missing = gaps(application, *edge.completes)
    if edge.name in ("submit", "resubmit") and application.open_request:
        missing += effects.unanswered(application.open_request)
    if edge.name == "approve":
        missing += unconfirmed(application)
    if missing:
        raise NotReady(missing)
