"""The act of signing: by whom, of which text, and what is kept as evidence."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds
from apprenticeship.documents.rendering import body_html
from apprenticeship.program.models import AgreementTemplate
from apprenticeship.records.queues import work_off_everything
from employers.forms.signatory import CONSENT
from employers.models import Agreement, Employer, Onboarding, Role, Signature, SigningCode
from employers.onboarding import State
from employers.papers import agreement_data
from employers.samples.journey import Journey
from employers.signing import INTENT
from tests.employers.answers import (
    LAST_PAGE,
    SIGN_LAST,
    TITLE,
    mailed_code,
    prepare_to_sign,
    sign,
    step_url,
    to_last_page,
)
from tests.pages import Page, fill_in, visit
from tests.people import browser

pytestmark = pytest.mark.django_db
SMTP = "django.core.mail.backends.smtp.EmailBackend"
SIGN, PRESENT = "/onboarding/agreement/sign/", "/onboarding/agreement/present/"


@pytest.fixture
def client(journey: Journey) -> Client:
    """The owner's browser, at step 6."""
    journey.to(State.AGREEMENT)
    return browser(journey.owner)


@pytest.fixture
def presented(journey: Journey, client: Client) -> Page:
    """The agreement, opened to read and sign."""
    return prepare_to_sign(client, journey.owner.name, journey.owner.email)


def current() -> tuple[str, int, list[str]]:
    """Return state, signatures, and the agreements' statuses in order."""
    statuses = Agreement.objects.order_by("version").values_list("status", flat=True)
    return Onboarding.objects.get().state, Signature.objects.count(), list(statuses)


UNSIGNED = ("agreement", 0, ["presented"])


def test_opening_the_agreement_signs_nothing(presented: Page) -> None:
    assert (presented.url, presented.headline, current()) == (SIGN, "Read, then sign", UNSIGNED)


def test_owner_opens_the_unsigned_agreement_as_a_pdf_before_agreeing(client: Client, presented: Page) -> None:
    panel = "//section[h2[text()='To keep or to print']]"
    assert [line.split()[:2] for line in presented.words(f"{panel}/p")] == [["Being", "prepared"]] * 2
    work_off_everything()
    again = visit(client, SIGN)
    links = again.tree.xpath(f"{panel}//a")
    titles = sorted(link.text_content().partition(" (")[0].strip() for link in links)
    assert titles == ["Employer Agreement", "Wage schedule"]
    starts = [b"".join(client.get(link.get("href")).streaming_content)[:5] for link in links]  # type: ignore[attr-defined]
    assert (starts, current()) == ([b"%PDF-"] * 2, UNSIGNED)


def test_signature_is_kept_with_its_evidence(journey: Journey, client: Client, presented: Page) -> None:
    agreement = Agreement.objects.get()
    typed = presented.fields() | {
        "consent": "on",
        "has_authority": "on",
        "title": "President",
        "full_name": "dana whitfield ",
    }
    last = Page(client.post(SIGN, typed))
    rows = dict(zip(last.words("//dl//dt"), last.words("//dl//dd"), strict=True))
    assert rows["Consent"].startswith(str(CONSENT))
    assert rows["Intent"] == INTENT
    assert re.fullmatch(r"The moment .*:\d\d [AP]M UTC \(.*:\d\d [AP]M C[SD]T\)", rows["Time"])
    assert f"The agreement prints the title “{TITLE}”. Both stand on the signed paper" in last.text
    client.post(
        SIGN_LAST,
        last.fields() | {"code": mailed_code()},
        REMOTE_ADDR="203.0.113.9",
        headers={"User-Agent": "Lynx/2.9" + "x" * 400},
    )
    signature, template = Signature.objects.get(), AgreementTemplate.objects.current()
    assert template is not None
    assert (signature.agreement, signature.party, signature.user, signature.email) == (
        agreement, "employer", journey.owner, journey.owner.email,
    )  # fmt: skip
    assert (signature.name, signature.title, signature.ip) == ("dana whitfield", "President", "203.0.113.9")
    assert (signature.method, signature.proof) == ("code", "mailed_code")
    assert signature.proof_at == SigningCode.objects.get().sent_at
    paper = body_html(kinds.AGREEMENT, agreement_data(agreement))
    assert f"As stated when signing. The agreement prints “{TITLE}”." in paper
    assert signature.user_agent == ("Lynx/2.9" + "x" * 400)[:300]
    assert signature.consent_version == template.consent_version
    assert signature.consent_text == "\n\n".join(agreement.terms["template"]["consent_text"])
    assert signature.authority == agreement.terms["template"]["authority_statement"]
    assert signature.intent == "I sign this Employer Agreement by typing my full name."
    assert signature.sha256 == agreement.sha256 == hashlib.sha256(agreement.text.encode()).hexdigest()
    assert json.loads(agreement.text) == agreement.terms
    assert current() == ("submission", 1, ["signed"])


def test_last_page_signs_nothing_and_mails_the_owner_a_code(
    journey: Journey, client: Client, presented: Page
) -> None:
    page = to_last_page(client, presented, journey.owner.name)
    assert (page.status, page.headline, current()) == (200, LAST_PAGE, UNSIGNED)
    assert f"{journey.owner.name}, {TITLE}" in page.text
    assert f"We mailed a code to {journey.owner.email}." in page.text
    assert (mail.outbox[-1].to, SigningCode.objects.filter(code_hash=mailed_code()).count()) == (
        [journey.owner.email],
        0,
    )
    again = to_last_page(client, presented, journey.owner.name)
    assert (again.headline, len(codes_mailed())) == (LAST_PAGE, 1)  # a refresh mails no second code


def codes_mailed() -> list[str]:
    return [m.to[0] for m in mail.outbox if m.subject == "Your code to sign the Employer Agreement"]


@pytest.mark.parametrize("wrong", ["", "abc", "12345", "٣٤٥٦٧٨", "0" * 10_000])
def test_owner_without_the_code_signs_nothing_and_keeps_what_was_typed(
    wrong: str, journey: Journey, client: Client, presented: Page
) -> None:
    last = to_last_page(client, presented, journey.owner.name)
    page = Page(client.post(SIGN_LAST, last.fields() | {"code": wrong}))
    assert (page.status, page.headline, list(page.problems)) == (422, LAST_PAGE, ["id_code"])
    assert (page.fields()["full_name"], current()) == (journey.owner.name, UNSIGNED)
    assert sign(client, presented, journey.owner.name).notices == ["Signed. The papers are being prepared."]


def test_owners_code_dies_after_five_tries(journey: Journey, client: Client, presented: Page) -> None:
    last = to_last_page(client, presented, journey.owner.name)
    code = mailed_code()
    for _try in range(5):
        client.post(SIGN_LAST, last.fields() | {"code": str((int(code) + 1) % 10**6).zfill(6)})
    assert Page(client.post(SIGN_LAST, last.fields() | {"code": code})).status == 422
    assert current() == UNSIGNED


def test_last_page_cannot_be_sent_without_consent(journey: Journey, client: Client, presented: Page) -> None:
    last = to_last_page(client, presented, journey.owner.name)
    page = Page(client.post(SIGN_LAST, last.fields() | {"consent": "", "code": mailed_code()}))
    assert (page.status, page.headline, list(page.problems)) == (422, "Read, then sign", ["id_consent"])
    assert current() == UNSIGNED


def test_code_of_one_text_does_not_sign_the_next(journey: Journey, client: Client, presented: Page) -> None:
    last = to_last_page(client, presented, journey.owner.name)
    code = mailed_code()
    fill_in(client, step_url("agreement"), {"signatory_title": "President"})
    client.post(PRESENT)
    stale = Page(client.post(SIGN_LAST, last.fields() | {"code": code}, follow=True))
    assert stale.notices == [
        "The text changed since you opened this page. Nothing was signed; read it again."
    ]
    fresh = Agreement.objects.get(status="presented").sha256
    page = Page(client.post(SIGN_LAST, last.fields() | {"code": code, "sha256": fresh}))
    assert (page.status, list(page.problems), Signature.objects.count()) == (422, ["id_code"], 0)


def test_mail_that_fails_is_said_and_the_next_code_goes_out_at_once(
    journey: Journey, client: Client, presented: Page, settings: Any
) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    page = to_last_page(client, presented, journey.owner.name)
    assert "The code could not be mailed just now." in page.words("//div[@role='alert']")[0]
    settings.EMAIL_BACKEND = works
    again = Page(client.post(SIGN_LAST, page.fields() | {"again": "yes"}))
    assert (again.words("//div[@role='alert']"), codes_mailed()) == ([], [journey.owner.email])


def test_eleventh_code_of_a_day_is_mailed_the_next_day(
    journey: Journey, client: Client, presented: Page
) -> None:
    start = timezone.now()
    for minute in range(11):
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=True):
            page = to_last_page(client, presented, journey.owner.name)
    assert (len(codes_mailed()), page.words("//div[@role='alert']")) == (
        10,
        ["Ten codes were mailed for this text within a day. The next one can go out tomorrow."],
    )
    with time_machine.travel(start + dt.timedelta(days=1, minutes=11), tick=True):
        client.force_login(journey.owner, backend="django.contrib.auth.backends.ModelBackend")
        to_last_page(client, presented, journey.owner.name)
    assert len(codes_mailed()) == 11


def test_text_on_the_page_is_the_text_that_was_frozen(client: Client, presented: Page) -> None:
    agreement = Agreement.objects.get()
    frozen = (agreement.text, agreement.sha256)
    Employer.objects.update(legal_name="Changed behind the page")
    page = visit(client, SIGN)
    for clause in agreement.terms["template"]["statements"]:
        assert " ".join(clause["text"].split()) in page.text
    assert ("Changed behind" in page.text.partition("Read, then sign")[2], page.fields()["sha256"]) == (
        False,
        frozen[1],
    )
    agreement.refresh_from_db()
    assert (agreement.text, agreement.sha256) == frozen


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"consent": ""}, "consent"),
        ({"has_authority": ""}, "has_authority"),
        ({"full_name": "Dana"}, "full_name"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 10_000}, "full_name"),
        ({"full_name": "Rosalind Meyer"}, "full_name"),
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
    ],
)
def test_incomplete_signature_signs_nothing_and_says_why(
    typed: dict[str, str], field: str, journey: Journey, client: Client, presented: Page
) -> None:
    page = sign(client, presented, journey.owner.name, **typed)
    assert (page.status, list(page.problems)) == (422, [f"id_{field}"])
    assert page.fields().get(field, "") == typed[field]
    assert current() == UNSIGNED


@pytest.mark.parametrize("sha256", ["", "0" * 64, "x", "0" * 10_000])
def test_another_hash_signs_nothing(sha256: str, journey: Journey, client: Client, presented: Page) -> None:
    sign(client, presented, journey.owner.name, sha256=sha256)
    assert current() == UNSIGNED


def test_text_that_changed_while_it_was_open_signs_nothing(
    journey: Journey, client: Client, presented: Page
) -> None:
    fill_in(client, step_url("agreement"), {"signatory_title": "President"})
    client.post(PRESENT)
    assert current() == ("agreement", 0, ["superseded", "presented"])
    page = sign(client, presented, journey.owner.name)
    assert page.notices == ["The text changed since you opened this page. Nothing was signed; read it again."]
    assert current() == ("agreement", 0, ["superseded", "presented"])
    page = sign(client, visit(client, SIGN), journey.owner.name)
    assert current() == ("submission", 1, ["superseded", "signed"])


@pytest.mark.parametrize(
    ("slug", "typed"),
    [
        ("get-started", {"legal_name": "Lakeside, Inc."}),
        ("get-started", {"sites-0-street": "9 New Street"}),
        ("agreement", {"signatory_title": "President"}),
        ("wages", {"periods-0-rate": "22.00"}),
    ],
)
def test_editing_what_a_presented_agreement_prints_makes_it_unsignable(
    slug: str, typed: dict[str, str], journey: Journey, client: Client, presented: Page
) -> None:
    fill_in(client, reverse("employers:wages") if slug == "wages" else step_url(slug), typed)
    page = sign(client, presented, journey.owner.name)
    assert page.notices == ["The text changed since you opened this page. Nothing was signed; read it again."]
    assert (Onboarding.objects.get().state, Signature.objects.count()) == ("agreement", 0)


@pytest.mark.parametrize("role", Role)
def test_nobody_else_reads_the_signing_page_or_signs(
    role: Role, journey: Journey, presented: Page, colleague: Callable[[Role], User]
) -> None:
    other = browser(colleague(role))
    fields = presented.fields() | {
        "consent": "on",
        "has_authority": "on",
        "title": TITLE,
        "full_name": journey.owner.name,
    }
    assert [other.get(SIGN).status_code, other.post(SIGN, fields).status_code] == [403, 403]
    assert other.post(SIGN_LAST, fields | {"code": "123456"}).status_code == 403
    assert current() == UNSIGNED


@pytest.mark.parametrize("who", ["outsider", "reviewer", "manager"])
def test_strangers_and_staff_do_not_sign(who: str, presented: Page, request: pytest.FixtureRequest) -> None:
    other = browser(request.getfixturevalue(who))
    fields: dict[str, Any] = presented.fields() | {
        "consent": "on",
        "has_authority": "on",
        "full_name": "Dana Whitfield",
    }
    pages = [
        visit(other, SIGN),
        Page(other.post(SIGN, fields, follow=True)),
        Page(other.post(PRESENT, follow=True)),
    ]
    assert [page.url for page in pages] == ["/begin/"] * 3
    assert current() == UNSIGNED


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER])
def test_only_the_owner_names_the_signatory_and_presents(
    role: Role, journey: Journey, client: Client, colleague: Callable[[Role], User]
) -> None:
    other = browser(colleague(role))
    typed = {"version": "0", "signatory_name": "Mallory", "signatory_email": "mallory@example.org"}
    assert [other.post(step_url("agreement"), typed).status_code, other.post(PRESENT).status_code] == [
        403,
        403,
    ]
    assert (Onboarding.objects.get().signatory_name, Agreement.objects.count()) == ("", 0)


def test_owner_who_is_not_the_signatory_is_told_so(journey: Journey, client: Client) -> None:
    page = prepare_to_sign(client, "Somebody Else", "else@example.org")
    assert (page.status, Signature.objects.count()) == (403, 0)
    page = visit(client, step_url("agreement"))
    assert "You never see it, and you cannot sign for them." in page.text


@pytest.mark.parametrize("missing", ["wages", "signatory"])
def test_nothing_is_presented_before_wages_and_signatory_are_there(
    missing: str, journey: Journey, client: Client
) -> None:
    if missing == "signatory":
        fill_in(client, reverse("employers:wages"), {"journeyworker_rate": "34.00", "periods-0-rate": "21.00",
                                                     "periods-1-rate": "29.00"})  # fmt: skip
    page = Page(client.post(PRESENT, follow=True))
    expected = {
        "wages": "Build the wage schedule.",
        "signatory": "Name the person who signs first, with their e-mail address.",
    }
    assert (page.url, page.notices, Agreement.objects.count()) == (
        step_url("agreement"),
        [expected[missing]],
        0,
    )


def test_presented_text_cannot_be_signed_after_an_earlier_step_broke(
    journey: Journey, client: Client, presented: Page
) -> None:
    fill_in(client, step_url("position"), {"positions-0-openings": "4"})
    page = sign(client, presented, journey.owner.name)
    assert page.notices == ["An earlier step changed meanwhile. Nothing was signed."]
    assert current() == ("funding", 0, ["presented"])
