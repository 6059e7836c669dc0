"""Complete answers to each step, as a person types them."""

import datetime as dt
import re
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apprenticeship.program.models import ProgramDocument
from tests.pages import Page, fill_in, press, visit

SIGN_LAST = "/onboarding/agreement/sign/last/"
# What a signer consents to, in no fold.
OPEN_DISCLOSURE = "//div[@class='disclosure'][not(ancestor::details)]/p"
LAST_PAGE = "The last page before you sign"
TITLE = "Chief Human Resources Officer"
PROFILE = {
    "legal_name": "Lakeside Regional Medical Center", "kind": "hospital", "street": "400 Harbor View Drive",
    "city": "Duluth", "state": "MN", "zip_code": "55805", "county": "St. Louis", "contact_name": "Dana Whitfield",
    "contact_email": "dana@example.org", "contact_phone": "218-555-0142", "complaint_name": "Employee Relations",
    "complaint_address": "400 Harbor View Drive, Duluth, MN 55805", "complaint_phone": "218-555-0143",
    "complaint_email": "relations@example.org", "follows_selection_procedure": "on",
    "sites-0-name": "Main campus", "sites-0-street": "400 Harbor View Drive", "sites-0-city": "Duluth",
    "sites-0-state": "MN", "sites-0-zip_code": "55805", "sites-0-journeyworkers": "6", "sites-0-gi_bill": "unknown",
}  # fmt: skip
FUNDING = {
    "sources-0-kind": "budget", "sources-0-amount": "7400.00", "instruction_provider": "Sample Community College",
    "is_instruction_paid": "true", "instruction_time": "inside", "confirms_payment": "on",
}  # fmt: skip
MENTOR = {
    "mentors-0-name": "Robin Castellano", "mentors-0-title": "Lead technician", "mentors-0-email": "robin@example.org",
    "mentors-0-years": "14", "mentors-0-apprentices_carried": "0",
}  # fmt: skip
WAGES = {
    "journeyworker_rate": "34.00", "periods-TOTAL_FORMS": "2", "periods-0-hours_to": "2000", "periods-0-rate": "21.00",
    "periods-1-hours_to": "4000", "periods-1-rate": "29.00",
}  # fmt: skip


def step_url(slug: str) -> str:
    """Return the address of a step's page."""
    return reverse("employers:step", args=[slug])


def acknowledgments() -> dict[str, str]:
    """Return a tick for every required document."""
    return {f"document-{row.pk}": "on" for row in ProgramDocument.objects.required()}


def first_site(page: Page) -> str:
    """Return the first site that a page's lists offer."""
    return str(page.tree.xpath("//select[contains(@name, '-0-site')]/option[@value != '']/@value")[0])


def position(page: Page, **other: Any) -> dict[str, Any]:
    """Return one vacancy at the first site that the page offers."""
    start = timezone.localdate() + dt.timedelta(days=60)
    answers = {"branch": "vacancy", "site": first_site(page), "openings": "2", "planned_start": start.isoformat(),
               "hours_per_week": "40"} | other  # fmt: skip
    return {f"positions-0-{name}": value for name, value in answers.items()} | {"confirms_hiring": "on"}


def mentor(page: Page) -> dict[str, str]:
    """Return one mentor at the first site that the page offers."""
    return MENTOR | {"mentors-0-site": first_site(page)}


def answer_step(client: Client, slug: str, button: str = "action=complete") -> Page:
    """Answer one of the first five steps completely and press a button."""
    page = visit(client, step_url(slug))
    typed = {
        "get-started": lambda: PROFILE,
        "standards": acknowledgments,
        "position": lambda: position(page),
        "funding": lambda: FUNDING,
        "mentor": lambda: mentor(page),
    }[slug]()
    return press(client, page, typed, button)


def prepare_to_sign(client: Client, name: str, email: str) -> Page:
    """Enter the wages, name the signatory, and open the agreement to read and sign."""
    fill_in(client, reverse("employers:wages"), WAGES, "action=complete")
    typed = {"signatory_name": name, "signatory_title": TITLE, "signatory_email": email}
    fill_in(client, step_url("agreement"), typed)
    return Page(client.post(reverse("employers:present"), follow=True))


def sign(client: Client, page: Page, name: str, **other: Any) -> Page:
    """Sign what a page shows: tick and type, then the mailed code on the last page."""
    page = to_last_page(client, page, name, **other)
    if page.headline != LAST_PAGE:
        return page
    return Page(client.post(SIGN_LAST, page.fields() | {"code": mailed_code()}, follow=True))


def to_last_page(client: Client, page: Page, name: str, **other: Any) -> Page:
    """Tick and type, and return the page that follows."""
    act = {"consent": "on", "has_authority": "on", "title": TITLE, "full_name": name}
    return Page(client.post(reverse("employers:sign"), page.fields() | act | other, follow=True))


def mailed_code() -> str:
    """Return the code in the newest mail."""
    return re.findall(r"^ +(\d{6})$", str(mail.outbox[-1].body), re.MULTILINE)[0]
