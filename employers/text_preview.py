"""A draft of the agreement's text in the real facts of one employer, to read before it is published."""

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from apprenticeship.documents.rendering import body_html
from apprenticeship.program.models import AgreementTemplate
from employers.application import Application
from employers.models import Onboarding
from employers.terms import terms_of

KIND = "employer_agreement"


def choices() -> list[tuple[str, str]]:
    """Return the employers with a wage schedule, which the text prints: key and name."""
    rows = (
        Onboarding.objects.filter(employer__wage_schedules__isnull=False)
        .select_related("employer")
        .distinct()
    )
    return sorted(((str(row.pk), str(row.employer)) for row in rows), key=lambda pair: pair[1].casefold())


def html(template: AgreementTemplate, key: str) -> str:
    """Return the text as the employer would read it. Raises LookupError if there is no such employer."""
    return str(body_html(KIND, _data(template, key)))


def order_pdf(template: AgreementTemplate, key: str, *, by: User) -> Document:
    """Order the text as a PDF that says PREVIEW. Raises LookupError if there is no such employer."""
    data = _data(template, key)
    frozen = json.dumps(data | {"presented_at": ""}, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(frozen.encode()).hexdigest()[:40]
    return order(
        KIND,
        subject=template,
        data=data,
        title=_("PREVIEW: Employer Agreement"),
        version=template.version,
        effect_key=f"preview:{template.pk}:{digest}",
        by=by,
    )


def _data(template: AgreementTemplate, key: str) -> dict[str, Any]:
    keys = [pk for pk, _name in choices()]
    if key not in keys:
        raise LookupError(key)
    application = Application(Onboarding.objects.select_related("employer").get(pk=key))
    schedule = application.wage_schedule
    assert schedule is not None
    terms = terms_of(application, template, schedule, 1)
    return {
        **terms["facts"],
        "wages": terms["facts"]["wages"] | {"version": terms["wages_version"]},
        "template": terms["template"],
        "sponsor": terms["sponsor"],
        "agreement_version": 1,
        "presented_at": timezone.now().isoformat(),
        "sha256": "",
        "signatures": [],
        "is_preview": True,
        "is_published": template.is_published,
    }
