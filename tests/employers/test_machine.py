"""The machine as its tables say it: every state, every move, every actor."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Event
from employers.checks import check_tables
from employers.models import Onboarding, Role
from employers.onboarding import EDGES, STEPS, Actor, Edge, State, turn_of
from employers.permissions import may
from employers.samples.journey import Journey
from employers.transitions import NotReady, advance

pytestmark = pytest.mark.django_db


def test_steps_are_eight_in_order_and_share_no_state() -> None:
    assert [step.number for step in STEPS] == list(range(1, 9))
    states = [state for step in STEPS for state in step.states]
    assert len(states) == len(set(states))


def test_check_finds_no_gap_between_tables_methods_pages_and_mails() -> None:
    assert check_tables() == []


def test_check_names_a_move_without_its_method_mail_and_known_state(monkeypatch: pytest.MonkeyPatch) -> None:
    half = Edge(
        name="promote",
        sources=(State.ACTIVE,),
        target=State.ACTIVE,
        actor=Actor.MANAGER,
        label="Promote",
        happened="Promoted",
        email="promoted",
    )
    monkeypatch.setattr("employers.checks.EDGES", (*EDGES, half))
    found = [problem.msg for problem in check_tables()]
    assert found == [
        "EDGES lists 'promote', but Onboarding has no such transition.",
        "Mail 'promoted' has no template emails/promoted_subject.txt.",
        "Mail 'promoted' has no template emails/promoted_body.txt.",
        "Mail 'promoted' has no template emails/promoted_body.html.",
    ]


@pytest.mark.parametrize("state", State)
def test_moves_allowed_from_a_state_are_those_of_the_table(state: State, db: None) -> None:
    onboarding = Onboarding(state=state)
    allowed = {transition.name for transition in onboarding.get_available_state_transitions()}
    assert allowed == {edge.name for edge in EDGES if state in edge.sources}


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
def test_move_leads_from_each_source_to_its_target(edge: Edge) -> None:
    for source in edge.sources:
        onboarding = Onboarding(state=source)
        getattr(onboarding, edge.name)()
        assert onboarding.state == edge.target


@pytest.mark.parametrize("state", State)
def test_sample_employer_reaches_every_state(state: State, journey: Journey) -> None:
    onboarding = journey.to(state)
    assert onboarding.state == state
    assert turn_of(state) == onboarding.turn


@pytest.mark.parametrize(
    "edge", [edge for edge in EDGES if edge.actor is not Actor.SYSTEM], ids=lambda edge: edge.name
)
def test_who_may_make_a_move(
    edge: Edge,
    journey: Journey,
    colleague: Callable[[Role], User],
    outsider: User,
    reviewer: User,
    manager: User,
) -> None:
    onboarding = journey.to(State.SUBMISSION)
    people: dict[str, User] = {
        "owner": journey.owner,
        "editor": colleague(Role.EDITOR),
        "viewer": colleague(Role.VIEWER),
        "outsider": outsider,
        "reviewer": reviewer,
        "manager": manager,
    }
    allowed = {
        Actor.EDITOR: {"owner", "editor"},
        Actor.OWNER: {"owner"},
        Actor.SIGNATORY: {"owner"},
        Actor.REVIEWER: {"reviewer", "manager"},
        Actor.MANAGER: {"manager"},
    }[edge.actor]
    assert {name for name, user in people.items() if may(edge, onboarding, user)} == allowed
    assert not may(edge, onboarding, None)


def test_staff_who_belong_to_the_employer_cannot_decide_its_case(
    journey: Journey, colleague: Callable[[Role], User], reviewer: User
) -> None:
    onboarding = journey.to(State.REVIEW)
    approve = next(edge for edge in EDGES if edge.name == "approve")
    assert may(approve, onboarding, reviewer)
    onboarding.employer.memberships.create(user=reviewer, role=Role.VIEWER)
    assert not may(approve, onboarding, reviewer)


def test_move_is_refused_while_its_step_has_a_gap(journey: Journey) -> None:
    onboarding = journey.to(State.GET_STARTED)
    with pytest.raises(NotReady) as refused:
        advance(onboarding, "start", by=journey.owner)
    assert refused.value.gaps[0].anchor == "id_kind"
    onboarding.refresh_from_db()
    assert onboarding.state == State.GET_STARTED


def test_second_submit_changes_nothing(journey: Journey) -> None:
    onboarding = journey.to(State.REVIEW)
    before = Event.objects.count()
    with pytest.raises(TransitionNotAllowed):
        advance(onboarding, "submit", by=journey.owner)
    assert onboarding.submissions.count() == 1
    assert Event.objects.count() == before


def test_state_cannot_be_set_past_the_machine(journey: Journey) -> None:
    onboarding = journey.to(State.GET_STARTED)
    with pytest.raises(AttributeError):
        onboarding.state = State.ACTIVE
    with pytest.raises(IntegrityError), transaction.atomic():
        Onboarding.objects.filter(pk=onboarding.pk).update(state="nonsense")


def test_docs_describe_the_tables() -> None:
    from employers.management.commands.describe_onboarding import PATH, described

    assert PATH.read_text() == described()
