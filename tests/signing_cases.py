"""What `tests.pictures` needs to photograph signing: links in every state, and sealed papers of every standing.

Run in the folder of the served demo; prints the addresses and files as JSON.
"""

import json
import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import django

LONG = "The Regents of the Combined Community Hospitals and Teaching Clinics of the Upper Great Lakes, Incorporated"


def main(folder: Path) -> None:
    """Make everything, let the queue work it off, and print where it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apprenticeship.settings")
    django.setup()
    from apprenticeship.records.queues import work_off_everything

    partners()
    order_long_paper()
    addresses = links(work_off_everything)
    print(json.dumps({"links": addresses, "papers": {name: str(path) for name, path in papers(folder)}}))


def journey(number: int, name: str = "Lakeside Regional Medical Center") -> Any:
    """Return one more sample employer with its owner."""
    from dataclasses import replace

    from apprenticeship.accounts.models import User
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import person

    owner = person(f"signing{number}@example.org", "Dana Whitfield")
    staff = (User.objects.get(email=f"{role}@example.org") for role in ("reviewer", "manager"))
    return Journey(replace(hospitals.LAKESIDE, name=name), owner, *staff)


def links(work_off: Callable[[], int]) -> dict[str, str]:
    """Return an address for each state in which a signatory or a reader can find theirs.

    The worker mints the token that it mails, so these are minted after it.
    """
    from django.utils import timezone

    from employers import previews, signatory, signing
    from employers.models import PreviewLink, SigningLink

    states: dict[str, Callable[[Any], object]] = {
        "sign": lambda link: None,
        "long": lambda link: None,
        "ask": lambda link: None,
        "forward": lambda link: None,
        "decline": lambda link: None,
        "expired": lambda link: SigningLink.objects.filter(pk=link.pk).update(expires_at=timezone.now()),
        "revoked": lambda link: signing.revoke_links(link.agreement.employer, by=None),
    }
    found = {"unknown": f"/sign/{'x' * 43}/"}
    sent = {
        name: waiting(number, LONG if name == "long" else "Lakeside Regional Medical Center")
        for number, name in enumerate(states)
    }
    work_off()
    for name, link in sent.items():
        found[name] = signatory.mint_signing_link(str(link.pk))
        states[name](link)
        if name in ("sign", "long", "expired"):
            employer, by = link.agreement.employer, link.sent_by
            preview, path = previews.make(employer, label="Legal", form_key=link.pk, by=by)
            found[f"preview-{name}"] = path
            if name == "expired":
                PreviewLink.objects.filter(pk=preview.pk).update(expires_at=timezone.now())
    return found


def waiting(number: int, name: str) -> Any:
    """Return a link that waits for its signatory."""
    from employers import signatory
    from employers.models import Onboarding
    from employers.onboarding import State

    case = journey(number, name)
    case.to(State.AGREEMENT)
    case.build_wages()
    if name == LONG:
        for site in range(38):
            case.onboarding.employer.sites.create(
                name=f"Outpatient and Imaging Center {site + 1}", street=f"{site + 1} Lakeshore Drive",
                city="Duluth", state="MN", zip_code="55805", journeyworkers=2,
            )  # fmt: skip
    Onboarding.objects.filter(pk=case.onboarding.pk).update(
        signatory_name="Chris Chief",
        signatory_title="Chief Executive Officer",
        signatory_email=f"chief{number}@example.org",
    )
    return signatory.send_link(Onboarding.objects.get(pk=case.onboarding.pk), by=case.owner)


def partners() -> None:
    """Make a partner whose agreement was replaced by an amendment, and one whose registration was canceled."""
    from employers import amending
    from employers.models import Agreement
    from employers.onboarding import State
    from employers.samples.amendment import propose
    from employers.transitions import advance

    amended = journey(20)
    amended.to(State.ACTIVE)
    amendment = propose(amended)
    newest = Agreement.objects.filter(employer=amended.onboarding.employer).latest("version")
    amending.countersign(
        amendment, by=amended.reviewer, title="Director", typed_name=amended.reviewer.name, sha256=newest.sha256,
        ip="192.0.2.2", browser="Sample data",
    )  # fmt: skip
    canceled = journey(21)
    canceled.to(State.REGISTRATION)
    advance(canceled.onboarding, "cancel_registration", by=canceled.reviewer, reason="The agency asked to.")


def order_long_paper() -> None:
    """Order a sealed paper with forty sites, ten periods and long names."""
    from apprenticeship.documents.orders import order
    from employers.models import Employer
    from tests.documents import papers as facts

    sites = [
        {
            "name": f"Outpatient and Imaging Center {number} of the Upper Peninsula",
            "address": f"{number} Lake Street\nDuluth, MN 55805",
        }
        for number in range(1, 41)
    ]
    whole = facts.final_agreement(signatures=[facts.EMPLOYER_SIGNATURE, facts.SPONSOR_SIGNATURE])
    whole["employer"] = whole["schedule"]["employer"] = facts.EMPLOYER | {"legal_name": LONG}
    whole["sites"] = whole["schedule"]["sites"] = sites
    floors = whole["schedule"]["floors"]
    whole["schedule"]["floors"] = [floors[0] | {"site": row["name"]} for row in sites]
    order(
        "final_agreement", subject=Employer.objects.earliest("pk"), data=whole, title="Employer Agreement, final",
        version=1, effect_key="pictures:long", by=None,
    )  # fmt: skip


def papers(folder: Path) -> list[tuple[str, Path]]:
    """Write a file for every answer of /verify/ and return them."""
    from apprenticeship.documents.models import Document
    from apprenticeship.documents.verifying import judged

    found: dict[str, bytes] = {}
    for paper in Document.objects.filter(kind="final_agreement", status="done").exclude(
        effect_key="pictures:long"
    ):
        found.setdefault(judged(paper).verdict.value, paper.read())
    found["altered"] = found["genuine"][:-20] + b"%\n" + found["genuine"][-20:]
    found["cut_off"] = found["genuine"][:-2000]
    found["foreign_seal"] = sealed_elsewhere(folder)
    found["not_ours"], found["unreadable"] = b"%PDF-1.7\nstartxref\n0\n%%EOF\n", b"GIF89a"
    for name, content in found.items():
        (folder / f"verify-{name}.pdf").write_bytes(content)
    return [(name, folder / f"verify-{name}.pdf") for name in found]


def sealed_elsewhere(folder: Path) -> bytes:
    """Return a PDF with the seal of another installation, whose key bears the same name."""
    from django.test import override_settings

    from apprenticeship.documents import rendering, sealing

    pdf = rendering.render_pdf("<html lang=en><title>x</title><p>Employer Agreement</p></html>")
    other = folder / "elsewhere"
    other.mkdir()
    sealing._loaded.cache_clear()
    with override_settings(VAR_DIR=other):
        content = sealing.seal(BytesIO(pdf).getvalue())
    sealing._loaded.cache_clear()
    return content


if __name__ == "__main__":
    main(Path(sys.argv[1]))
