"""An amendment at the same moment: countersigned once, and never both countersigned and taken away."""

from collections.abc import Callable

import pytest
from django_fsm import TransitionNotAllowed

from apprenticeship.records.events import first_broken
from employers import amending, drafting
from employers.amended import Amended, case_of
from employers.editing import StaleForm
from employers.models import Agreement, Amendment, Employer, Onboarding, Role
from employers.onboarding import State
from employers.samples.amendment import draft, propose
from employers.samples.journey import Journey
from tests.people import colleague_of
from tests.services.at_once import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
TIMES = range(3)  # a race may be won by luck


def countersign(row: Amendment, journey: Journey) -> Callable[[], Amendment]:
    """Return the countersignature of what waits."""
    sha256, by = row.agreements.latest("version").sha256, journey.reviewer
    return lambda: amending.countersign(
        row, by=by, title="Director", typed_name=by.name, sha256=sha256, ip=None, browser=""
    )


def outcome() -> tuple[str, list[str]]:
    """Return the amendment's status and those of the agreement's versions; the chain is whole."""
    assert first_broken(Employer.objects.get().chain) is None
    statuses = Agreement.objects.order_by("version").values_list("status", flat=True)
    return Amendment.objects.get().status, list(statuses)


@pytest.mark.parametrize("_time", TIMES)
def test_two_clicks_countersign_once(_time: int, journey: Journey) -> None:
    journey.to(State.ACTIVE)
    row = propose(journey)
    results = at_once(countersign(row, journey), countersign(row, journey))
    assert sum(isinstance(result, Amendment) for result in results) == 1
    assert outcome() == ("in_force", ["superseded", "in_force"])


@pytest.mark.parametrize("name", ["withdraw", "take_back"])
@pytest.mark.parametrize("_time", TIMES)
def test_countersigned_or_taken_away_and_never_both(_time: int, name: str, journey: Journey) -> None:
    journey.to(State.ACTIVE)
    row = propose(journey)
    away = getattr(amending, name)
    results = at_once(
        countersign(row, journey), lambda: away(row, by=journey.owner, reason="We changed our mind.")
    )
    assert sum(isinstance(result, Amendment) for result in results) == 1
    assert sum(isinstance(result, TransitionNotAllowed) for result in results) == 1
    gone = {"withdraw": "withdrawn", "take_back": "draft"}[name]
    assert outcome() in [("in_force", ["superseded", "in_force"]), (gone, ["in_force", "void"])]


def test_two_people_start_one_amendment(journey: Journey) -> None:
    onboarding = journey.to(State.ACTIVE)
    editor = colleague_of(onboarding.employer, Role.EDITOR)
    results = at_once(*(lambda by=by: drafting.start(onboarding, by=by) for by in (journey.owner, editor)))
    assert [result.pk for result in results] == [Amendment.objects.get().pk] * 2


def test_two_people_save_the_draft_and_one_is_told(journey: Journey) -> None:
    onboarding = journey.to(State.ACTIVE)
    row, editor = draft(journey), colleague_of(onboarding.employer, Role.EDITOR)
    onboarding = Onboarding.objects.select_related("employer").get()

    def save(name: str, by: object) -> Amended:
        case = case_of(onboarding)
        assert isinstance(case, Amended)

        def store(fresh: Amended) -> None:
            fresh.amendment.proposal["employer"]["dba_name"] = name

        return drafting.save(case, store, version=row.version + 1, by=by)  # type: ignore[arg-type]

    results = at_once(lambda: save("One", journey.owner), lambda: save("Other", editor))
    assert sorted(type(result).__name__ for result in results) == ["Amended", "StaleForm"]
    assert any(isinstance(result, StaleForm) for result in results)
