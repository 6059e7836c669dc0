"""The final agreement: both signatures, the scan of one by hand, the wage schedule, the certificate, and the data."""

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.documents.enclosures import text_as_file
from apprenticeship.documents.models import Document
from apprenticeship.documents.orders import order
from apprenticeship.documents.templatetags.paper import effective_moment
from employers.application import Application
from employers.certificate import certificate_of
from employers.models import Agreement
from employers.papers import agreement_data, schedule_data


def order_final(application: Application, agreement: Agreement, *, by: User | None) -> Document:
    """Order the final agreement, to be sealed once."""
    data = agreement_data(agreement)
    certificate = certificate_of(agreement, since=effective_moment(data["signatures"]))
    text, facts = _text(agreement), _facts(agreement, certificate)
    certificate |= {"text_file": text["name"], "facts_file": facts["name"]}
    return order(
        "final_agreement",
        subject=agreement,
        data=data
        | {
            "schedule": schedule_data(application, agreement),
            "certificate": certificate,
            "attachments": [text, facts, *_scans(agreement)],
        },
        title=_("Employer Agreement, final"),
        version=agreement.version,
        effect_key=final_effect(agreement),
        by=by,
    )


def final_effect(agreement: Agreement) -> str:
    """Return what the final paper of an agreement was made for."""
    return f"final:{agreement.pk}"


def _text(agreement: Agreement) -> dict[str, str]:
    """Return the text that both signed, as a file: the SHA-256 on the certificate is that of its bytes."""
    return text_as_file(
        agreement.text,
        name=f"agreement-v{agreement.version}-text-signed.json",
        description=_("The text that was signed, as data; its SHA-256 is the one on the certificate"),
        at=agreement.presented_at,
    )


def _facts(agreement: Agreement, certificate: dict[str, Any]) -> dict[str, str]:
    """Return what the certificate page prints, as a file that programs read."""
    return text_as_file(
        json.dumps(certificate, sort_keys=True, ensure_ascii=False, indent=1),
        name=f"agreement-v{agreement.version}-certificate.json",
        description=_("What the certificate of signature prints, as data"),
        at=timezone.now(),
    )


def _scans(agreement: Agreement) -> list[dict[str, Any]]:
    """Return the confirmed scan, to be shown in the final paper and attached to it."""
    return [
        {
            "file": str(scan.file.name),
            "sha256": scan.sha256,
            "name": scan.filename,
            "description": _("Scan of the agreement, signed by hand by %(who)s") % {"who": scan.signer_name},
            "at": scan.uploaded_at.isoformat(),
            "pages": scan.pages,
        }
        for scan in agreement.scans.exclude(signature=None).select_related("document")
    ]
