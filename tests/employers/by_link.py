"""A signatory without an account in tests: named by the owner, mailed a link, signing by it."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from apprenticeship.records.queues import work_off_everything
from employers.models import Agreement, Onboarding
from tests.employers.answers import mailed_code

SIGNER = "chief@hospital.example"
SENT = re.compile(r"/sign/([\w-]{40,})/")
ACT = {"consent": "on", "has_authority": "on", "title": "Chief Executive", "full_name": "Chris Chief"}


def name_signatory(
    owner: Client, onboarding: Onboarding, name: str = "Chris Chief", email: str = SIGNER
) -> None:
    version = onboarding.part_versions.filter(part="agreement").values_list("version", flat=True).first() or 0
    typed = {"signatory_name": name, "signatory_title": "Chief Executive", "signatory_email": email}
    owner.post("/onboarding/agreement/", typed | {"version": version, "action": "draft"})


def mailed_token(to: str = SIGNER) -> str:
    """Return the token in the newest mail to an address, after the worker has sent it."""
    work_off_everything()
    bodies = [
        str(message.body) for message in mail.outbox if message.to == [to] and SENT.search(str(message.body))
    ]
    found = SENT.search(bodies[-1])
    assert found
    return found[1]


def act(**changed: str) -> dict[str, str]:
    return ACT | {"sha256": Agreement.objects.get(status="presented").sha256} | changed


def sign(client: Client, token: str, **changed: str) -> Any:
    client.post(f"/sign/{token}/", act(**changed))
    return client.post(f"/sign/{token}/sign/", act(**changed) | {"code": mailed_code()})
