"""A version published meanwhile binds at the next presentation, unless staff chose "must re-sign"."""

import pytest
from django.test import Client
from django.utils import timezone

from apprenticeship.program.models import AgreementTemplate, ProgramDocument
from employers.application import Application
from employers.completeness import gaps
from employers.models import Onboarding, Signature
from employers.onboarding import State
from employers.renewal import due
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers.amending import OVERVIEW, START, amendment, decide, sign_in_portal, statuses
from tests.employers.answers import step_url
from tests.employers.desk_fixtures import decide as decide_case
from tests.pages import Page, fill_in, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
TEXT = (
    "AAMI has published version 2 of the agreement's text, which has to be signed. The signature under version 1 "
    "does not count for it. Sign the new version."
)


def publish_text(*, must_resign: bool) -> AgreementTemplate:
    """Publish the next version of the agreement's text, with another first clause."""
    old = AgreementTemplate.objects.current()
    assert old
    clauses = old.statements.replace(old.clauses[0].text[:20], "From now on, " + old.clauses[0].text[:20], 1)
    fields = {
        name: getattr(old, name) for name in ("title", "preamble", "authority_statement", "consent_text")
    }
    return AgreementTemplate.objects.create(
        version=old.version + 1, statements=clauses, consent_version="2", must_resign=must_resign,
        published_at=timezone.now(), **fields,
    )  # fmt: skip


def publish_document(*, must_resign: bool) -> ProgramDocument:
    """Publish the next version of the training objectives."""
    return ProgramDocument.objects.create(
        kind="objectives", title="Training Objectives", version=2, position=2, must_resign=must_resign,
        published_at=timezone.now(), link="https://example.org/objectives-2.pdf",
    )  # fmt: skip


def missing() -> list[str]:
    return [gap.message for gap in gaps(Application(Onboarding.objects.select_related("employer").get()))]


@pytest.mark.parametrize("publish", [publish_text, publish_document])
def test_version_published_during_review_does_not_touch_a_signature(publish, journey: Journey) -> None:  # type: ignore[no-untyped-def]
    journey.to(State.REVIEW)
    publish(must_resign=False)
    assert missing() == []
    journey.approve()
    assert statuses() == ["in_force"]


def test_text_that_must_be_signed_stops_the_approval_until_it_is(journey: Journey) -> None:
    onboarding = journey.to(State.REVIEW)
    publish_text(must_resign=True)
    assert missing() == [TEXT]
    desk, owner = browser(journey.reviewer), browser(journey.owner)
    page = Page(decide_case(desk, onboarding, "approve", journey.reviewer))
    assert (page.status, TEXT in page.text, Signature.objects.filter(party="sponsor").count()) == (
        422,
        True,
        0,
    )
    decide_case(desk, onboarding, "request_changes", journey.reviewer)
    page = visit(owner, step_url("agreement"))
    assert page.words("//button[contains(., 'Open signing')]") == ["Open signing for the new version"]
    page = Page(owner.post("/onboarding/agreement/renew/", follow=True))
    assert (Onboarding.objects.get().state, statuses()) == ("agreement", ["void"])
    read = Page(owner.post("/onboarding/agreement/present/", follow=True))
    assert "What changed since the version you signed" in read.text
    assert "From now on, " in " ".join(read.words("//table[contains(@class, 'differences')]//td[2]"))
    sign_in_portal(owner, journey.owner.name)
    assert (missing(), statuses()) == ([], ["void", "signed"])


@pytest.mark.parametrize("state", [State.SUBMISSION, State.CHANGES])
def test_renewing_is_offered_only_when_it_is_due(state: State, journey: Journey) -> None:
    journey.to(state)
    owner = browser(journey.owner)
    owner.post("/onboarding/agreement/renew/")
    assert (Onboarding.objects.get().state, statuses()) == (state, ["signed"])
    publish_text(must_resign=True)
    owner.post("/onboarding/agreement/renew/")
    assert (Onboarding.objects.get().state, statuses()) == ("agreement", ["void"])


def test_document_that_must_be_signed_is_asked_for_and_voids_when_acknowledged(journey: Journey) -> None:
    journey.to(State.SUBMISSION)
    document = publish_document(must_resign=True)
    assert missing() == ["Read and acknowledge Training Objectives, version 2."]
    owner = browser(journey.owner)
    typed = {f"document-{document.pk}": "on"}
    page = fill_in(owner, step_url("standards"), typed)
    assert "This changes what the signed agreement says" in page.text
    fill_in(owner, step_url("standards"), typed, "voids_signature=yes")
    assert (Onboarding.objects.get().state, statuses()) == ("agreement", ["void"])


def test_partner_is_told_that_an_amendment_is_due_and_signs_it(journey: Journey) -> None:
    journey.to(State.ACTIVE)
    owner = browser(journey.owner)
    application = Application(Onboarding.objects.select_related("employer").get())
    assert due(application) == []
    publish_text(must_resign=True)
    document = publish_document(must_resign=True)
    page = visit(owner, "/organization/")
    assert page.words("//section[h2[. = 'An amendment is due']]//li") == [
        "AAMI has published version 2 of the agreement's text, and it has to be signed; you signed version 1.",
        "Version 2 of “Training Objectives” has to be acknowledged, and the agreement names it.",
    ]
    owner.post(START)
    assert "Read and acknowledge Training Objectives, version 2." in visit(owner, OVERVIEW).text
    fill_in(owner, "/amendment/documents/", {f"document-{document.pk}": "on"})
    sign_in_portal(owner, journey.owner.name)
    decide(browser(journey.reviewer), "countersign", journey.reviewer)
    assert (amendment().status, statuses()) == ("in_force", ["superseded", "in_force"])
    onboarding = Onboarding.objects.select_related("employer").get()
    versions = onboarding.acknowledgments.values_list("document__kind", "document__version")
    assert dict(versions) == {"national-standards": 1, "objectives": 2}
    assert due(Application(onboarding)) == []


def test_text_published_while_an_amendment_waits_stops_the_countersignature(
    journey: Journey, client: Client
) -> None:
    from employers.samples.amendment import propose

    journey.to(State.ACTIVE)
    propose(journey)
    publish_text(must_resign=True)
    page = decide(browser(journey.reviewer), "countersign", journey.reviewer)
    assert (page.status, TEXT in page.text, amendment().status) == (422, True, "signed")


def test_open_link_does_not_sign_a_text_that_was_replaced(journey: Journey) -> None:
    journey.to(State.AGREEMENT)
    journey.build_wages()
    from employers.onboarding import Part

    journey.save(Part.AGREEMENT, journey._signatory)
    owner = browser(journey.owner)
    owner.post("/onboarding/agreement/present/")
    publish_text(must_resign=True)
    page = sign_in_portal_without_presenting(owner, journey.owner.name)
    assert (Onboarding.objects.get().state, Signature.objects.count()) == ("agreement", 0)
    assert page.status == 200
    sign_in_portal(owner, journey.owner.name)
    assert statuses() == ["superseded", "signed"]
    advance(Onboarding.objects.get(), "submit", by=journey.owner)


def sign_in_portal_without_presenting(client: Client, name: str) -> Page:
    """Sign what is presented already."""
    from tests.employers.amending import mailed_code

    page = visit(client, "/onboarding/agreement/sign/")
    typed = page.fields() | {"consent": "on", "has_authority": "on", "title": "President", "full_name": name}
    client.post("/onboarding/agreement/sign/", typed)
    return Page(client.post("/onboarding/agreement/sign/last/", typed | {"code": mailed_code()}, follow=True))
