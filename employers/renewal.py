"""When a signed agreement has to be signed anew: a text or document "to be re-signed", or wages that no longer hold."""

from django.utils.translation import gettext as _

from employers.application import Application
from employers.completeness import gaps
from employers.onboarding import Part


def due(application: Application) -> list[str]:
    """Say why a partner owes an amendment, in plain words; nothing while the agreement in force holds."""
    agreement = application.agreement_in_force
    if agreement is None:
        return []
    reasons = []
    if agreement.is_outdated:
        facts = {"new": agreement.binding_version, "signed": agreement.template.version}
        words = _(
            "AAMI has published version %(new)s of the agreement's text, and it has to be signed; you signed "
            "version %(signed)s."
        )
        reasons.append(words % facts)
    for document in application.required_documents:
        if document.kind in application.binding_kinds and document.pk not in application.acknowledgments:
            facts = {"title": document.title, "version": document.version}
            words = _(
                "Version %(version)s of “%(title)s” has to be acknowledged, and the agreement names it."
            )
            reasons.append(words % facts)
    return reasons + [gap.message for gap in gaps(application, Part.WAGES)]
