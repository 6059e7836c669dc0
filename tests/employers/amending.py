"""An active partner and its amendments in tests, by the pages that people open."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.records.queues import work_off_everything
from employers.amended import Amended, case_of
from employers.application import zone_of
from employers.models import Agreement, Amendment, Employer, Onboarding
from tests.employers import scans
from tests.employers.answers import mailed_code
from tests.employers.desk_fixtures import confirmed, with_reason
from tests.pages import Page, fill_in, visit

START, OVERVIEW, VERSIONS = "/amendment/start/", "/amendment/", "/agreement/"
PARTIES, SITES, WAGES = "/amendment/organization/", "/amendment/sites/", "/amendment/wages/"
DESK = "/admin/employers/amendment/"


def amendment() -> Amendment:
    """Return the newest amendment as it is in the database."""
    found: Amendment = Amendment.objects.latest("number")
    return found


def case() -> Amended:
    """Return the open amendment with the answers it makes."""
    found = case_of(Onboarding.objects.select_related("employer").get())
    assert isinstance(found, Amended)
    return found


def statuses() -> list[str]:
    """Return the statuses of the agreement's versions, in order."""
    return list(Agreement.objects.order_by("version").values_list("status", flat=True))


def draft(client: Client, name: str = "Lakeside Health, Inc.") -> Page:
    """Start an amendment that changes the legal name, and return its page."""
    client.post(START)
    return fill_in(client, PARTIES, {"legal_name": name})


def sign_in_portal(client: Client, name: str) -> Page:
    """Present the amendment, read it, and sign with the mailed code, as the owner who is the signatory."""
    page = Page(client.post("/onboarding/agreement/present/", follow=True))
    act = {"consent": "on", "has_authority": "on", "title": "President", "full_name": name}
    typed = page.fields() | act
    client.post("/onboarding/agreement/sign/", typed)
    return Page(client.post("/onboarding/agreement/sign/last/", typed | {"code": mailed_code()}, follow=True))


def sign_on_paper(client: Client) -> Any:
    """Start an amendment and upload the scan of its paper, signed by hand."""
    draft(client)
    client.post("/onboarding/agreement/paper/start/")
    sha256 = Agreement.objects.get(status="presented").sha256
    file = SimpleUploadedFile("scan.pdf", scans.pdf(), "application/pdf")
    return client.post("/onboarding/agreement/paper/", {"file": file, "sha256": sha256, "note": ""})


def decide_at(name: str) -> str:
    """Return the address that decides on the newest amendment."""
    return f"{DESK}{amendment().pk}/decide/{name}/"


def typed(name: str, by: User, **changed: Any) -> dict[str, Any]:
    """Return what a reviewer posts for a decision that would be made."""
    row = amendment()
    newest = row.agreements.order_by("-version").first()
    facts = {"seen": row.state_since.isoformat(), "reason": "Name the county, please."}
    if name == "countersign":
        facts |= {
            "typed_name": by.name, "title": "Director", "consent": "on", "has_authority": "on",
            "sha256": newest.sha256 if newest else "",
        }  # fmt: skip
        return facts | changed
    return with_reason(name, facts | changed)


def decide(client: Client, name: str, by: User, **changed: Any) -> Page:
    """Post a decision as the amendment's page would."""
    made = confirmed(client, decide_at(name), typed(name, by, **changed))
    return Page(client.get(made["Location"], follow=True) if made.status_code == 302 else made)


def today_at(employer: Employer) -> dt.date:
    """Return the day it is at the employer, where a paper is dated."""
    return timezone.now().astimezone(zone_of(employer)).date()


def scan_facts(code: str, **changed: str) -> dict[str, str]:
    """Return what a reviewer reads on a scan."""
    today = today_at(amendment().employer).isoformat()
    facts = {"signer_name": "Dana Whitfield", "signer_title": "President", "code": code, "signed_on": today}
    return facts | {"reason": "The last page is missing."} | changed


def sealed() -> None:
    """Let the worker make, seal and mail everything."""
    work_off_everything()


def open_page(client: Client) -> Page:
    """Return the amendment's page."""
    return visit(client, OVERVIEW)
