from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from apprenticeship.program.models import AgreementTemplate
from apprenticeship.program.models.agreement_template import PLACEHOLDERS
from apprenticeship.program.models.publishing import PublishedVersionIsFixed

pytestmark = pytest.mark.django_db

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS} | {"employer": "Lakeside {sponsor}"}


def draft(**values) -> AgreementTemplate:
    texts = {
        "title": "Employer Agreement",
        "preamble": "Between {sponsor} and {employer}.",
        "statements": "One\nFirst.\n\nTwo\nSecond.",
        "authority_statement": "I may sign.",
        "consent_text": "You may sign here.",
        "consent_version": "1",
    }
    return AgreementTemplate(**{"version": 2, **texts, **values})


def test_seeded_template_is_valid_and_has_the_seven_statements():
    template = AgreementTemplate.objects.current()

    template.full_clean()
    assert [clause.heading for clause in template.clauses] == [
        "Adoption of the Standards",
        "Access to records",
        "Receipt of the Standards and request for certification",
        "Qualified personnel and supervision",
        "Training",
        "Selection of Apprentices",
        "Duration",
    ]
    assert template.is_sample


def test_filled_text_has_no_placeholder_left_and_keeps_braces_of_values():
    text = AgreementTemplate.objects.current().filled(VALUES)

    assert 'and Lakeside {sponsor} (the "Employer")' in text.preamble[0]
    whole = " ".join(
        [*text.preamble, *(c.text for c in text.clauses), *text.consent_text, text.authority_statement]
    )
    assert whole.replace("Lakeside {sponsor}", "").count("{") == 0


def test_filled_text_needs_every_value():
    with pytest.raises(KeyError):
        draft().filled({"employer": "Lakeside"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Heading\nTo {employee}.", "{employee} is not a known placeholder."),
        ("Heading\nTo {employer.__class__}.", "{employer.__class__} is not a known placeholder."),
        ("Heading\nTo {}.", "{} is not a known placeholder."),
        ("Heading\nTo {employer.", "A brace { or } stands alone; placeholders look like {employer}."),
        ("Heading without text", "Every clause needs a heading line and its text below it."),
    ],
)
def test_statements_with_a_fault_are_refused(text, message):
    with pytest.raises(ValidationError) as caught:
        draft(statements=text).full_clean()
    assert caught.value.message_dict == {"statements": [message]}


def test_current_is_the_newest_published_template():
    first = AgreementTemplate.objects.current()
    second = draft()
    second.save()
    assert AgreementTemplate.objects.current() == first

    second.published_at = timezone.now()
    second.save()
    assert AgreementTemplate.objects.current() == second

    second.retired_at = timezone.now()
    second.save()
    assert AgreementTemplate.objects.current() == first


def test_published_template_cannot_change():
    template = AgreementTemplate.objects.current()

    template.consent_text += " More."

    with pytest.raises(PublishedVersionIsFixed):
        template.save()


def test_first_sample_disclosure_is_renewed_once_as_a_new_version():
    renew = import_module("apprenticeship.program.migrations.0012_disclosure").renew_disclosure
    seeded = AgreementTemplate.objects.current()
    renew(apps, None)
    assert AgreementTemplate.objects.current() == seeded
    AgreementTemplate.objects.filter(pk=seeded.pk).update(
        consent_version="2026-1", consent_text="By reading."
    )
    for _time in range(2):
        renew(apps, None)
    old, new = AgreementTemplate.objects.order_by("version")
    assert (old.consent_version, old.consent_text, new.version) == ("2026-1", "By reading.", old.version + 1)
    assert (new.consent_version, new.statements, new.is_in_force) == ("2026-2", old.statements, True)
    assert "{contact}" in new.consent_text
