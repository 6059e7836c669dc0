"""The text of the Employer Agreement, by version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .publishing import BindingVersion, in_force

PLACEHOLDERS = frozenset(
    {
        "employer",
        "sponsor",
        "occupation",
        "rapids_code",
        "onet_code",
        "term_hours",
        "term_months",
        "registration_agency",
        "contact",
    }
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
TEXT_FIELDS = ("title", "preamble", "statements", "consent_text", "authority_statement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementText:
    """The agreement's words with every placeholder filled in, ready to present and freeze."""

    title: str
    preamble: tuple[str, ...]  # paragraphs
    clauses: tuple[Clause, ...]
    authority_statement: str
    consent_text: tuple[str, ...]  # paragraphs
    consent_version: str


class AgreementTemplateQuerySet(models.QuerySet["AgreementTemplate"]):
    def in_force(self) -> Self:
        return self.filter(in_force())

    def current(self) -> "AgreementTemplate | None":
        """Return the newest published version, or None while there is none."""
        return self.in_force().order_by("-version").first()

    def binding_version(self, **conditions: Any) -> models.Subquery:
        """Return, for another query, the newest version in force that has to be signed anew."""
        rows = self.in_force().filter(must_resign=True, **conditions).order_by("-version")
        return models.Subquery(rows.values("version")[:1])


class AgreementTemplate(BindingVersion):
    title = models.CharField(_("title"), max_length=200)
    preamble = models.TextField(
        _("preamble"),
        max_length=10000,
        help_text=_("Parties and defined terms. A blank line ends a paragraph."),
    )
    statements = models.TextField(
        _("statements"),
        max_length=40000,
        help_text=_("One clause after another, a blank line between: first line the heading, then its text."),
    )
    authority_statement = models.TextField(_("authority statement"), max_length=2000)
    consent_text = models.TextField(
        _("consent to sign electronically"), max_length=10000, help_text=_("15 U.S.C. 7001(c)(1)")
    )
    consent_version = models.CharField(_("consent version"), max_length=20)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[AgreementTemplateQuerySet] = AgreementTemplateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("agreement template")
        verbose_name_plural = _("agreement templates")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["version"], name="agreement_template_version")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Return the statements in order, with their placeholders as written."""
        return tuple(_clause(block) for block in paragraphs(self.statements))

    def filled(self, values: Mapping[str, str]) -> AgreementText:
        """Return the text with placeholders replaced. Raises KeyError if a value is missing."""
        return AgreementText(
            title=fill(self.title, values),
            preamble=paragraphs(fill(self.preamble, values)),
            clauses=tuple(
                Clause(heading=fill(clause.heading, values), text=fill(clause.text, values))
                for clause in self.clauses
            ),
            authority_statement=fill(self.authority_statement, values),
            consent_text=paragraphs(fill(self.consent_text, values)),
            consent_version=self.consent_version,
        )

    def clean(self) -> None:
        super().clean()
        errors = {name: faults for name in TEXT_FIELDS if (faults := placeholder_faults(getattr(self, name)))}
        if errors:
            raise ValidationError(errors)
        if any(not clause.text for clause in self.clauses):
            raise ValidationError(
                {"statements": _("Every clause needs a heading line and its text below it.")}
            )


def paragraphs(text: str) -> tuple[str, ...]:
    """Split text at blank lines; empty paragraphs vanish."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return tuple(block.strip() for block in blocks if block.strip())


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace `{name}` by its value; a value's own braces stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def placeholder_faults(text: str) -> list[ValidationError]:
    """Return one error for each unknown placeholder and for a brace that stands alone."""
    unknown = sorted({name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS})
    faults = [
        ValidationError(_("{%(name)s} is not a known placeholder."), params={"name": name})
        for name in unknown
    ]
    if set(_PLACEHOLDER.sub("", text)) & {"{", "}"}:
        faults.append(ValidationError(_("A brace { or } stands alone; placeholders look like {employer}.")))
    return faults


def _clause(block: str) -> Clause:
    heading, _newline, text = block.partition("\n")
    return Clause(heading=heading.strip(), text=" ".join(text.split()))
