"""What another employer's genuine sealed paper does wherever it is shown: it speaks for its own employer only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from employers.models import Agreement, Onboarding, PaperScan, Signature
from employers.onboarding import State
from employers.samples import hospitals
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import decide, page_of
from tests.employers.stored import StoredJourney
from tests.pages import Page, visit
from tests.people import browser

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAPER = "/onboarding/agreement/paper/"


@pytest.fixture
def others(journey: Journey, outsider: User) -> Document:
    """The sealed paper of another employer, whose owner is the outsider."""
    other = StoredJourney(hospitals.PRAIRIE, outsider, journey.reviewer, journey.manager)
    other.to(State.REGISTRATION)
    other.work_off()
    paper: Document = Document.objects.get(kind="final_agreement")
    assert paper.status == "done"
    return paper


def test_verify_names_whose_paper_it_is(others: Document, client: Client) -> None:
    file = SimpleUploadedFile("agreement-of-lakeside.pdf", others.read(), "application/pdf")
    page = Page(client.post("/verify/", {"file": file}))
    assert page.words("//*[@data-verdict]/h2") == ["Genuine and in force"]
    facts = dict(zip(page.words("//main//dt"), page.words("//main//dd"), strict=True))
    assert (facts["Employer"], facts["Document code"]) == ("Prairie Health System", others.code)
    assert "Lakeside" not in page.text


def test_paper_is_not_readable_by_another_employer(
    others: Document, journey: Journey, outsider: User
) -> None:
    for address in (f"/documents/{others.pk}/", f"/documents/{others.pk}/status/"):
        assert browser(journey.owner).get(address).status_code == 404
    assert others.code not in visit(browser(journey.owner), "/papers/").text
    answer = browser(outsider).get(f"/documents/{others.pk}/")
    assert b"".join(answer.streaming_content) == others.read()  # type: ignore[attr-defined]


def test_paper_uploaded_as_a_signed_scan_never_counts(others: Document, journey: Journey) -> None:
    journey.to(State.AGREEMENT)
    journey.build_wages()
    Onboarding.objects.filter(pk=journey.onboarding.pk).update(
        signatory_name="Chris Chief", signatory_title="CEO", signatory_email="chief@hospital.example"
    )
    owner, desk = browser(journey.owner), browser(journey.reviewer)
    owner.post(f"{PAPER}start/")
    mine = Agreement.objects.get(employer=journey.onboarding.employer)
    sealed, plain = (
        others,
        Document.objects.filter(kind="employer_agreement").exclude(subject_id=str(mine.pk))[0],
    )
    for paper in (sealed, plain):
        assert (
            Agreement.objects.get(pk=mine.pk).status == "presented"
        )  # a sealed paper has attachments, no scan has
        file = SimpleUploadedFile("signed.pdf", paper.read(), "application/pdf")
        owner.post(PAPER, {"file": file, "sha256": mine.sha256, "note": ""})
    mine.refresh_from_db()
    assert (mine.status, mine.signatures.count()) == ("paper", 0)  # kept as a scan that nobody has confirmed
    journey.onboarding = Onboarding.objects.get(pk=journey.onboarding.pk)
    journey.submit()
    scan = PaperScan.objects.get()
    address = f"{page_of(journey.onboarding).removesuffix('change/')}scans/{scan.pk}/confirm/"
    read = {
        "signer_name": "Chris Chief",
        "signer_title": "CEO",
        "code": others.code,
        "signed_on": "2026-11-25",
    }
    page = Page(desk.post(address, read))
    assert page.status == 422
    assert "This is not the code of the paper that was printed for this agreement." in page.text
    page = Page(decide(desk, Onboarding.objects.get(pk=journey.onboarding.pk), "approve", journey.reviewer))
    assert "Confirm the scan of the signed paper first" in page.text
    assert Signature.objects.filter(agreement=mine).count() == 0
    assert Onboarding.objects.get(pk=journey.onboarding.pk).state == State.REVIEW
