"""What the events of employers keep, in words: states, people, papers and moves by their names."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf, Replace, Substr
from django.db.models.lookups import Regex
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apprenticeship.accounts.models import User
from apprenticeship.records.details import Says, link
from employers.models import Amendment, Employer, Role, Signature
from employers.onboarding import State
from employers.wages.wording import day

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CHAIN = "employer:"
# Only what is an id is cast to one: a database refuses the whole page for one that is none.
UUID_DIGITS = r"^[0-9a-fA-F]{32}\Z"
PERSON_DIGITS = r"^[0-9]{1,18}\Z"


def facts() -> dict[str, Says]:
    """Return what each key of these events says."""
    return {
        "attempt": _numbered(_("attempt %(value)s")),
        "card": lambda event, pk: link("admin:employers_logocard_change", pk, _("the entry")),
        "code": _numbered(_("paper %(value)s")),
        "consent": _numbered(_("text of the consent: %(value)s")),
        "document": lambda event, pk: link("admin:documents_document_change", pk, _("the paper")),
        "from": _from,
        "item": _numbered(_("item %(value)s")),
        "link": lambda event, pk: event.actor if event.actor and event.user_id else "",
        "move": lambda event, pk: link("admin:employers_move_change", pk, _("the move")),
        "part": lambda event, value: "",  # stands in what happened
        "party": lambda event, value: Signature.Party(value).label,
        "role": lambda event, value: Role(value).label,
        "scan": lambda event, pk: format_html(
            '<a href="{}">{}</a>', reverse("employers:scan", args=[pk]), _("the scan")
        ),
        "sent_on": _dated(_("sent on %(day)s"), _("not sent")),
        "signature": lambda event, value: "",  # its number says nothing
        "signed_on": _dated(_("signed on %(day)s"), ""),
        "to": lambda event, value: "",  # said with "from"
        "walked": lambda event, value: _("by itself, because the answers held already"),
        "was": _dated(_("before: %(day)s"), ""),
    }


def with_names(events: QuerySet[Any]) -> QuerySet[Any]:
    """Add whose chain it is, which employer acted on a candidate, and between whom a case went; None for nobody."""
    rows: QuerySet[Any] = events.annotate(
        chain_of=_key(Case(When(chain__name__startswith=CHAIN, then=Substr("chain__name", len(CHAIN) + 1)))),
        acted_for=_key(KT("data__employer")),
        came_from=_person("from"),
        went_to=_person("to"),
    ).annotate(
        chain_title=_employer("chain_of"),
        employer_title=_employer("acted_for"),
        from_name=_name("came_from"),
        to_name=_name("went_to"),
    )
    return rows


def _key(text: Any) -> Case:
    """Return an id as the database keeps it, with or without its dashes; None for what is none."""
    digits = Replace(text, Value("-"), Value(""), output_field=TextField())
    return Case(When(Regex(digits, UUID_DIGITS), then=Cast(digits, UUIDField())))


def _person(key: str) -> Case:
    """Return the number of the person whom an event about a reviewer names; elsewhere the word is a state."""
    text = KT(f"data__{key}")
    is_person = Q(verb__startswith="case_") & Q(Regex(text, PERSON_DIGITS))
    return Case(When(is_person, then=Cast(text, BigIntegerField())))


def _employer(ref: str) -> Subquery:
    name = Coalesce(NullIf("dba_name", Value("")), "legal_name")
    return Subquery(Employer.objects.filter(pk=OuterRef(ref)).values(said=name))


def _name(ref: str) -> Subquery:
    name = Coalesce(NullIf("name", Value("")), "email", output_field=CharField())
    return Subquery(User.objects.filter(pk=OuterRef(ref)).values(said=name))


def _numbered(words: "StrOrPromise") -> Says:
    return lambda event, value: str(words) % {"value": value}


def _dated(words: "StrOrPromise", without: "StrOrPromise") -> Says:
    def said(event: Any, value: Any) -> "StrOrPromise":
        return str(words) % {"day": day(dt.date.fromisoformat(value))} if value else without

    return said


def _from(event: Any, value: Any) -> str:
    """Say from where to where a case or an amendment went, or from whom to whom."""
    before, after = _place(event, value, event.from_name), _place(event, event.data.get("to"), event.to_name)
    if before and after:
        return _("from “%(before)s” to “%(after)s”") % {"before": before, "after": after}
    return _("to “%(after)s”") % {"after": after} if after else _("from “%(before)s”") % {"before": before}


def _place(event: Any, value: Any, person: str | None) -> "StrOrPromise":
    if value is None:
        return ""
    if event.verb.startswith("case_"):
        return person or _("former user %(number)s") % {"number": value}
    labels = Amendment.Status if event.verb.startswith("amendment_") else State
    return labels(value).label if value in labels.values else str(value)
