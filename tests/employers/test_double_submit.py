"""The same form twice: no second move, event, mail, paper or submission."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apprenticeship.documents.models import Document
from apprenticeship.records.models import Event, Notification
from employers.application import zone_of
from employers.models import (
    Agreement,
    Employer,
    Invitation,
    Mentor,
    Onboarding,
    Position,
    Signature,
    Site,
    Submission,
)
from employers.onboarding import State
from employers.samples.journey import Journey
from employers.wages.wording import day
from tests.employers.answers import (
    FUNDING,
    PROFILE,
    SIGN_LAST,
    acknowledgments,
    mailed_code,
    mentor,
    position,
    prepare_to_sign,
    step_url,
    to_last_page,
)
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db
COUNTED = (
    Event,
    Notification,
    Document,
    Agreement,
    Signature,
    Submission,
    Invitation,
    Employer,
    Site,
    Position,
    Mentor,
)


def counts() -> dict[str, int]:
    """Return how many rows there are of everything that must not be doubled."""
    return {model.__name__: model.objects.count() for model in COUNTED}  # type: ignore[attr-defined]


STEPS: list[tuple[State, str, Callable[[Page], dict[str, Any]]]] = [
    (State.GET_STARTED, "get-started", lambda page: PROFILE),
    (State.STANDARDS, "standards", lambda page: acknowledgments()),
    (State.POSITION, "position", position),
    (State.FUNDING, "funding", lambda page: FUNDING),
    (State.MENTOR, "mentor", mentor),
]


@pytest.mark.parametrize("action", ["complete", "draft"])
@pytest.mark.parametrize(("state", "slug", "typed"), STEPS, ids=[row[1] for row in STEPS])
def test_step_sent_twice_is_stored_and_completed_once(
    state: State, slug: str, typed: Callable[[Page], dict[str, Any]], action: str, journey: Journey
) -> None:
    onboarding, client = journey.to(state), browser(journey.owner)
    page = visit(client, step_url(slug))
    fields = page.fields() | typed(page) | {"action": action}
    client.post(page.url, fields)
    moved, after = Onboarding.objects.get(pk=onboarding.pk).state, counts()
    assert (moved != state) == (action == "complete")
    second = Page(client.post(page.url, fields, follow=True))
    assert (second.status, "Both say the same." in second.text) == (409, True)
    assert (Onboarding.objects.get(pk=onboarding.pk).state, counts()) == (moved, after)


def test_organization_is_founded_once(db: None) -> None:
    client = browser(person("newcomer@example.org"))
    client.post("/begin/", {"legal_name": "Lakeside"})
    after = counts()
    assert Page(client.post("/begin/", {"legal_name": "Lakeside"}, follow=True)).url == "/onboarding/"
    assert (counts(), after["Employer"]) == (after, 1)


def test_agreement_is_presented_and_signed_once(journey: Journey) -> None:
    client = browser(journey.owner)
    journey.to(State.AGREEMENT)
    page = prepare_to_sign(client, journey.owner.name, journey.owner.email)
    after = counts()
    client.post(reverse("employers:present"))
    assert counts() == after
    last = to_last_page(client, page, journey.owner.name)
    fields = last.fields() | {"code": mailed_code()}
    client.post(SIGN_LAST, fields)
    after = counts()
    second = Page(client.post(SIGN_LAST, fields, follow=True))
    assert (second.url, second.notices[-1], counts()) == (
        step_url("approval"),
        "This was signed already.",
        after,
    )
    assert (after["Signature"], Agreement.objects.get().status) == (1, "signed")


@pytest.mark.parametrize("state", [State.SUBMISSION, State.CHANGES])
def test_application_is_submitted_once(state: State, journey: Journey) -> None:
    onboarding, client = journey.to(state), browser(journey.owner)
    before = Submission.objects.count()
    fields = {"action": "submit", "funding": "Named."}
    client.post(step_url("approval"), fields)
    after = counts()
    page = Page(client.post(step_url("approval"), fields, follow=True))
    assert page.notices == [
        "Submitted. AAMI has it now; you hear from us by mail.",
        "This was submitted already.",
    ]
    assert (counts(), after["Submission"]) == (after, before + 1)
    assert Onboarding.objects.get(pk=onboarding.pk).state == "review"


@pytest.mark.parametrize(("state", "name"), [(State.FUNDING, "withdraw"), (State.WITHDRAWN, "reopen")])
def test_side_move_is_made_once(state: State, name: str, journey: Journey) -> None:
    journey.to(state)
    client, url = browser(journey.owner), reverse("employers:move", args=[name])
    client.post(url, {"reason": "Because."})
    after = counts()
    client.post(url, {"reason": "Because."})
    assert counts() == after


def test_colleague_is_invited_by_one_mail(journey: Journey) -> None:
    client = browser(journey.owner)
    client.post("/team/", {"email": "colleague@example.org", "role": "editor"})
    after = counts()
    client.post("/team/", {"email": "colleague@example.org", "role": "editor"})
    assert counts() == after
    client.post(reverse("employers:invitation", args=[Invitation.objects.get().pk]), {"do": "renew"})
    assert counts() == after


def test_whole_application_is_printed_once_while_nothing_changed(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    client = browser(journey.owner)
    client.post(reverse("employers:order-printout"))
    after = counts()
    client.post(reverse("employers:order-printout"))
    assert counts() == after
    today = day(timezone.localdate(timezone=zone_of(journey.onboarding.employer)))
    assert Document.objects.filter(title=f"Application, as of {today}").count() == 1
