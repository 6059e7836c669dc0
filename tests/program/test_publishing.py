"""A new version: drafted, published for somebody, told by mail, followed until it is done; through the pages."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from apprenticeship.documents import rendering
from apprenticeship.documents.models import Document
from apprenticeship.program.models import AgreementTemplate, ProgramDocument
from apprenticeship.records.models import Event, Notification
from apprenticeship.records.queues import work_off_everything
from employers.models import Acknowledgment
from employers.onboarding import State
from employers.reminders import remind
from employers.samples.journey import Journey
from tests.employers.conftest import (  # noqa: F401  # fixtures
    at,
    journey,
    manager,
    owner,
    program_documents,
    reviewer,
)
from tests.pages import Page, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
DOCUMENT = "/admin/program/programdocument/"
TEXT = "/admin/program/agreementtemplate/"


@pytest.fixture
def client(manager: Any) -> Client:
    return browser(manager)


def drafted(client: Client, model: Any, base: str) -> Any:
    """Press "New version" on the newest published version and return the draft."""
    newest = model.objects.exclude(published_at=None).order_by("pk").first()
    page = Page(client.post(f"{base}{newest.pk}/renew/", follow=True))
    draft = model.objects.get(published_at=None)
    assert page.url == f"{base}{draft.pk}/change/"
    return draft


def counts(client: Client, base: str, draft: Any) -> list[str]:
    return Page(client.get(f"{base}{draft.pk}/publish/")).words("//fieldset//span[contains(@class, 'tag')]")


def publish(client: Client, base: str, draft: Any, audience: str) -> Page:
    return Page(client.post(f"{base}{draft.pk}/publish/", {"audience": audience}, follow=True))


def told() -> list[tuple[str, bool]]:
    rows = Notification.objects.filter(name__contains="new_version").order_by("created_at")
    return [(row.name, row.context["is_partner"]) for row in rows]


def later(days: float) -> Any:
    return time_machine.travel(timezone.now().replace(hour=20) + dt.timedelta(days=days), tick=True)


def test_unsigned_application_reads_the_new_document_whatever_is_chosen(client: Client, at: Any) -> None:
    onboarding = at(State.POSITION)
    draft = drafted(client, ProgramDocument, DOCUMENT)
    assert counts(client, DOCUMENT, draft) == ["1 employer", "1 employer", "1 employer"]
    page = publish(client, DOCUMENT, draft, "nobody")
    assert page.url == f"{DOCUMENT}{draft.pk}/progress/"
    assert page.words("//section//span[contains(@class, 'tag')]") == ["Done: 0", "Waiting: 1", "Waiting"]
    with later(1):
        remind()
        remind()
    assert told() == [("new_version", False)]
    onboarding.acknowledgments.filter(document__kind=draft.kind).delete()
    Acknowledgment.objects.create(onboarding=onboarding, document=draft, user=None)
    with later(30):
        remind()
    assert told() == [("new_version", False)]
    assert Page(client.get(page.url)).words("//section/p/span") == ["Done: 1", "Waiting: 0"]


def test_partner_is_asked_only_if_everybody_is(client: Client, at: Any) -> None:
    onboarding = at(State.ACTIVE)
    draft = drafted(client, AgreementTemplate, TEXT)
    assert counts(client, TEXT, draft) == ["0 employers", "0 employers", "1 employer"]
    publish(client, TEXT, draft, "onboarding")
    draft.refresh_from_db()
    assert (draft.must_resign, draft.reaches_partners) == (True, False)
    assert _owes(onboarding) is False
    second = drafted(client, AgreementTemplate, TEXT)
    publish(client, TEXT, second, "everybody")
    assert _owes(onboarding) is True
    with later(1):
        remind()
    with later(8):
        remind()
    assert told() == [("new_version", True), ("reminder_new_version", True)]


def _owes(onboarding: Any) -> bool:
    from employers.application import Application
    from employers.models import Onboarding

    agreement = Application(Onboarding.objects.get(pk=onboarding.pk)).agreement_in_force
    return bool(agreement and agreement.is_outdated)


def test_signed_application_signs_again_only_if_asked(client: Client, at: Any) -> None:
    at(State.SUBMISSION)
    draft = drafted(client, AgreementTemplate, TEXT)
    assert counts(client, TEXT, draft) == ["0 employers", "1 employer", "1 employer"]
    publish(client, TEXT, draft, "nobody")
    assert Page(client.get(f"{TEXT}{draft.pk}/progress/")).words("//section/p") == [
        "This version asks nobody to act again."
    ]


@pytest.mark.parametrize(
    ("state", "asked", "said"),
    [
        (State.REVIEW, ["0 employers", "1 employer", "1 employer"], "Cannot act now: in review at AAMI"),
        (State.REGISTRATION, ["0 employers", "0 employers", "1 employer"], "Cannot act now: with the agency"),
    ],
)
def test_case_that_cannot_act_now_is_told_apart_and_not_reminded(
    state: State, asked: list[str], said: str, client: Client, at: Any
) -> None:
    at(state)
    draft = drafted(client, AgreementTemplate, TEXT)
    assert counts(client, TEXT, draft) == asked
    page = publish(client, TEXT, draft, "everybody")
    assert page.words("//section//span[contains(@class, 'tag')]") == [
        "Done: 0", "Waiting: 0", "Cannot act now: 1", said,
    ]  # fmt: skip
    with later(1):
        remind()
    assert told() == []


def test_case_that_was_returned_is_asked_once_it_is_registered(
    client: Client, at: Any, journey: Journey
) -> None:
    at(State.REGISTRATION)
    journey.return_by_agency()
    draft = drafted(client, AgreementTemplate, TEXT)
    page = publish(client, TEXT, draft, "everybody")
    assert page.words("//td/span") == ["Cannot act now: not registered yet"]
    with later(1):
        remind()
    assert told() == []


def test_partner_with_a_signed_amendment_is_listed_with_the_reason(
    client: Client, at: Any, journey: Journey
) -> None:
    from employers.samples.amendment import propose

    at(State.ACTIVE)
    propose(journey)
    draft = drafted(client, AgreementTemplate, TEXT)
    assert counts(client, TEXT, draft) == ["0 employers", "1 employer", "1 employer"]
    page = publish(client, TEXT, draft, "onboarding")
    assert page.words("//td") == ["Active partner, amendment signed and not in force yet", "Waiting"]


def test_choices_say_who_acts_and_how_many(client: Client, program_documents: None) -> None:
    for model, base, first in (
        (ProgramDocument, DOCUMENT, "Those who have not signed yet"),
        (AgreementTemplate, TEXT, "Nobody"),
    ):
        draft = drafted(client, model, base)
        page = Page(client.get(f"{base}{draft.pk}/publish/"))
        assert page.words("//fieldset//label/text()[normalize-space()]/..") == [
            f"{first} 0 employers",
            "Everybody whose agreement or amendment is not in force yet 0 employers",
            "Everybody, active partners too 0 employers",
        ]


def test_draft_of_the_text_reads_in_real_facts_as_page_and_as_pdf(
    client: Client, at: Any, journey: Any
) -> None:
    onboarding = at(State.SUBMISSION)
    draft = drafted(client, AgreementTemplate, TEXT)
    AgreementTemplate.objects.filter(pk=draft.pk).update(
        statements="Parties\n{employer} and {sponsor} agree."
    )
    url = f"{TEXT}{draft.pk}/preview/"
    page = Page(client.get(url, {"employer": onboarding.pk}))
    assert page.words("//article//li")[0] == "PartiesLakeside Regional Medical Center and AAMI agree."
    sample = "//article//p[contains(@class, 'sample')]"
    assert page.words(sample)[0] == "PREVIEW. Not for signature: nobody has published this text yet."
    in_force = AgreementTemplate.objects.exclude(pk=draft.pk).get()
    published = visit(client, f"{TEXT}{in_force.pk}/preview/?employer={onboarding.pk}")
    assert published.words(sample)[0] == "PREVIEW. Not for signature."
    assert client.post(url, {"employer": onboarding.pk}).status_code == 302
    assert client.post(url, {"employer": onboarding.pk}).status_code == 302
    paper = Document.objects.get(title="PREVIEW: Employer Agreement")
    rendering.preload()
    work_off_everything()
    paper.refresh_from_db()
    assert paper.status == "done"
    words = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(paper.read())).pages)
    assert "PREVIEW. Not for signature" in words
    response: Any = client.get(f"/documents/{paper.pk}/")
    assert b"".join(response.streaming_content) == paper.read()
    assert browser(journey.owner).get(f"/documents/{paper.pk}/").status_code == 404
    assert client.get(url, {"employer": "999"}).status_code == 404


def test_unknown_placeholder_is_refused_when_the_draft_is_saved(
    client: Client, program_documents: None
) -> None:
    draft = drafted(client, AgreementTemplate, TEXT)
    page = Page(client.get(f"{TEXT}{draft.pk}/change/"))
    refused = Page(client.post(page.url, page.fields() | {"preamble": "Dear {boss}"}))
    assert refused.words("//ul[contains(@class, 'errorlist')]/li") == ["{boss} is not a known placeholder."]
    draft.refresh_from_db()
    assert "{boss}" not in draft.preamble


def test_nothing_is_published_without_a_choice_or_twice(client: Client, program_documents: None) -> None:
    draft = drafted(client, ProgramDocument, DOCUMENT)
    page = publish(client, DOCUMENT, draft, "")
    assert (page.status, ProgramDocument.objects.filter(published_at=None).count()) == (422, 1)
    assert page.words("//div[contains(@class, 'error-summary')]//li") == ["Choose who must act again."]
    publish(client, DOCUMENT, draft, "everybody")
    publish(client, DOCUMENT, draft, "nobody")
    events = Event.objects.filter(verb="version_published")
    assert [event.data["audience"] for event in events] == ["everybody"]
    draft.refresh_from_db()
    assert draft.must_resign is True


def test_published_version_is_only_retired_and_a_second_new_version_leads_to_the_same_draft(
    client: Client, program_documents: None
) -> None:
    draft = drafted(client, ProgramDocument, DOCUMENT)
    again = drafted(client, ProgramDocument, DOCUMENT)
    assert (draft.pk, draft.version) == (again.pk, 2)
    publish(client, DOCUMENT, draft, "nobody")
    page = Page(client.get(f"{DOCUMENT}{draft.pk}/change/"))
    assert {name for name in page.fields() if not name.startswith("_")} == {"retired_at_0", "retired_at_1"}


def test_reviewer_sees_progress_and_publishes_nothing(
    client: Client, reviewer: Any, program_documents: None
) -> None:
    draft = drafted(client, ProgramDocument, DOCUMENT)
    desk = browser(reviewer)
    assert desk.get(f"{DOCUMENT}{draft.pk}/progress/").status_code == 200
    for path in ("publish/", "renew/"):
        assert desk.post(f"{DOCUMENT}{draft.pk}/{path}", {"audience": "nobody"}).status_code == 403
    draft.refresh_from_db()
    assert draft.published_at is None


@pytest.mark.parametrize("more", [0, 2])
def test_progress_keeps_its_query_count(
    client: Client, at: Any, more: int, django_assert_num_queries: Any
) -> None:
    from employers.people import found_employer
    from tests.people import person

    onboarding = at(State.POSITION)
    draft = drafted(client, ProgramDocument, DOCUMENT)
    for number in range(more):
        other = found_employer(person(f"other{number}@example.org"), f"Other {number}")
        for row in onboarding.acknowledgments.all():
            Acknowledgment.objects.create(onboarding=other, document=row.document, user=None)
    publish(client, DOCUMENT, draft, "everybody")
    with django_assert_num_queries(8):
        client.get(f"{DOCUMENT}{draft.pk}/progress/")
