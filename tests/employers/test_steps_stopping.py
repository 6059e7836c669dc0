"""Withdraw and reopen: by the owner, with a reason, and what both do to signature and requests."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.records.models import Event, Notification
from employers.models import Agreement, Onboarding, Role
from employers.onboarding import EDGE_BY_NAME, State
from employers.samples.journey import Journey
from tests.employers.answers import step_url
from tests.pages import Page, fill_in, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
WITHDRAW, REOPEN = ("/onboarding/move/withdraw/", "/onboarding/move/reopen/")


def state(onboarding: Onboarding) -> str:
    return str(Onboarding.objects.values_list("state", flat=True).get(pk=onboarding.pk))


@pytest.mark.parametrize("source", EDGE_BY_NAME["withdraw"].sources)
def test_owner_withdraws_from_every_state_that_the_table_lists(source: State, journey: Journey) -> None:
    onboarding, client = journey.to(source), browser(journey.owner)
    had_agreement = Agreement.objects.exists()
    assert visit(client, "/onboarding/").tree.xpath("//a[@href=$url]", url=WITHDRAW) != []
    page = Page(client.post(WITHDRAW, {"reason": "No budget\x07 this year."}, follow=True))
    assert (page.url, page.notices, state(onboarding)) == (
        "/onboarding/",
        ["Application withdrawn."],
        "withdrawn",
    )
    event = Event.objects.get(verb="withdraw")
    assert (event.user, event.data) == (
        journey.owner, {"from": source.value, "to": "withdrawn", "move": str(event.move.pk)},
    )  # fmt: skip
    assert event.move.reason == "No budget this year."
    assert list(Agreement.objects.values_list("status", flat=True)) == (["void"] if had_agreement else [])
    assert onboarding.change_requests.filter(closed_at=None).count() == 0
    assert Notification.objects.get(name="withdrawn").recipient == journey.owner.email
    told = (
        {journey.reviewer.email}
        if source == State.CHANGES
        else {journey.reviewer.email, journey.manager.email}
    )
    staff = Notification.objects.filter(name="withdrawn_by_employer").values_list("recipient", flat=True)
    assert set(staff) == told


@pytest.mark.parametrize(
    "source", [state for state in State if state not in EDGE_BY_NAME["withdraw"].sources]
)
def test_withdrawing_from_elsewhere_changes_nothing(source: State, journey: Journey) -> None:
    onboarding, client = journey.to(source), browser(journey.owner)
    events = Event.objects.count()
    page = Page(client.post(WITHDRAW, {"reason": "No."}, follow=True))
    assert (page.url, state(onboarding), Event.objects.count()) == ("/onboarding/", source, events)


@pytest.mark.parametrize("reason", ["", "   ", "\x00\x07"])
def test_withdrawing_asks_for_a_reason(reason: str, journey: Journey) -> None:
    onboarding = journey.to(State.FUNDING)
    page = Page(browser(journey.owner).post(WITHDRAW, {"reason": reason}))
    assert page.words("//*[contains(@class, 'invalid-feedback')]") == ["This field is required."]
    assert state(onboarding) == "funding"


def test_too_long_reason_stays_in_the_field(journey: Journey) -> None:
    onboarding = journey.to(State.FUNDING)
    page = Page(browser(journey.owner).post(WITHDRAW, {"reason": "é" * 2001}))
    assert page.tree.xpath("//textarea")[0].value.strip() == "é" * 2001
    assert state(onboarding) == "funding"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_only_the_owner_withdraws_and_reopens(
    role: Role, journey: Journey, colleague: Callable[[Role], User]
) -> None:
    onboarding = journey.to(State.FUNDING)
    client = browser(colleague(role))
    assert [client.get(WITHDRAW).status_code, client.post(WITHDRAW, {"reason": "x"}).status_code] == [
        403,
        403,
    ]
    assert visit(client, "/onboarding/").tree.xpath("//a[@href=$url]", url=WITHDRAW) == []
    journey.withdraw()
    assert [client.get(REOPEN).status_code, client.post(REOPEN, {"reason": "x"}).status_code] == [403, 403]
    assert state(onboarding) == "withdrawn"


@pytest.mark.parametrize(
    "name", ["approve", "decline", "step_back", "start", "suspend", "reopen_declined", "nonsense"]
)
def test_moves_of_others_are_not_for_the_owner(name: str, journey: Journey) -> None:
    onboarding = journey.to(State.REVIEW)
    page = Page(
        browser(journey.owner).post(reverse("employers:move", args=[name]), {"reason": "x"}, follow=True)
    )
    assert (page.url, page.notices, state(onboarding)) == ("/onboarding/", [], "review")


def test_reopened_application_walks_forward_to_a_new_signature(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    client.post(WITHDRAW, {"reason": "Not yet."})
    page = visit(client, "/onboarding/")
    assert page.headline == "Withdrawn"
    assert page.tree.xpath("//main//a[contains(@class, 'btn-lg')]/@href") == [REOPEN]
    page = Page(client.post(REOPEN, {"reason": "Budget found."}, follow=True))
    assert page.notices == ["Application reopened."]
    fill_in(client, step_url("get-started"), {}, "action=complete")
    assert state(onboarding) == "agreement"
    assert list(Agreement.objects.values_list("status", flat=True)) == ["void"]
    page = Page(client.post(reverse("employers:present"), follow=True))
    assert page.url == reverse("employers:sign")
    assert list(Agreement.objects.order_by("version").values_list("version", "status")) == [
        (1, "void"),
        (2, "presented"),
    ]


def test_withdrawing_while_the_text_is_presented_ends_it(journey: Journey) -> None:
    onboarding, client = journey.to(State.SUBMISSION), browser(journey.owner)
    for url, reason in ((WITHDRAW, "a"), (REOPEN, "b")):
        client.post(url, {"reason": reason})
    fill_in(client, step_url("get-started"), {}, "action=complete")
    client.post(reverse("employers:present"))
    client.post(WITHDRAW, {"reason": "c"})
    assert state(onboarding) == "withdrawn"
    assert list(Agreement.objects.values_list("status", flat=True)) == ["void", "void"]
    assert visit(client, reverse("employers:sign")).url == step_url("agreement")


@pytest.mark.parametrize(
    ("source", "name", "tags"),
    [
        (State.FUNDING, "withdraw", ["Kept"] * 3 + ["Withdrawn"] * 5),
        (State.ACTIVE, "suspend", ["Done"] * 7 + ["Suspended"]),
        (State.ACTIVE, "end", ["Done"] * 7 + ["Ended"]),
    ],
)
def test_task_list_tells_what_was_done_before_it_stopped(
    source: State, name: str, tags: list[str], journey: Journey
) -> None:
    onboarding = journey.to(source)
    getattr(journey, name)()
    page = visit(browser(journey.owner), "/onboarding/")
    shown = page.words("//ol[@class='task-list']/li/span[contains(@class, 'tag')]")
    assert [tag.partition(" ")[0] for tag in shown] == tags, state(onboarding)
