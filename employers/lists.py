"""The short lists of an application: what the employer entered, and where its parts stand."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program, ProgramDocument
from apprenticeship.together import Prepared, attach, prepare, read_prepared
from employers.models import (
    Acknowledgment,
    ChangeRequest,
    Employer,
    FlaggedPart,
    FundingSource,
    Mentor,
    Message,
    Onboarding,
    PartVersion,
    Position,
    PreviewLink,
    SigningLink,
    Site,
    WagePeriod,
    WageSchedule,
)

Rows = QuerySet[Any]

# Each may depend on the keys of its onboarding and its employer alone: the statement is written once a process.
LISTS: dict[str, Callable[[Onboarding], Rows]] = {
    "programs": lambda onboarding: Program.objects.order_by("pk")[:1],
    "sites": lambda onboarding: onboarding.employer.sites.all(),
    "positions": lambda onboarding: onboarding.employer.positions.all(),
    "funding_sources": lambda onboarding: onboarding.employer.funding_sources.all(),
    "mentors": lambda onboarding: onboarding.employer.mentors.all(),
    "wage_schedules": lambda onboarding: WageSchedule.objects.newest(onboarding.employer),
    "wage_periods": lambda onboarding: WagePeriod.objects.filter(
        schedule=WageSchedule.objects.newest(onboarding.employer).values("pk")
    ),
    "acknowledgments": lambda onboarding: onboarding.acknowledgments.all(),
    "acknowledged_documents": lambda onboarding: ProgramDocument.objects.filter(
        pk__in=onboarding.acknowledgments.values("document")
    ),
    "part_versions": lambda onboarding: onboarding.part_versions.all(),
    "open_requests": lambda onboarding: onboarding.change_requests.filter(closed_at=None),
    "flagged_parts": lambda onboarding: FlaggedPart.objects.filter(
        request__onboarding=onboarding, request__closed_at=None
    ),
    "live_agreements": lambda onboarding: onboarding.employer.agreements.live().order_by().only("pk"),
    "newest_signing_links": lambda onboarding: SigningLink.objects.filter(
        agreement__employer=onboarding.employer
    ).order_by("-created_at")[:1],
    "preview_links": lambda onboarding: onboarding.employer.preview_links.open(),
    "newest_messages": lambda onboarding: onboarding.messages.order_by("-at")[:1],
    "people_named": lambda onboarding: User.objects.filter(
        Q(pk__in=onboarding.acknowledgments.values("user"))
        | Q(pk__in=onboarding.messages.order_by("-at").values("author")[:1])
    ),
}
# What every page of a part asks: whom to talk to, its version, what AAMI flagged, and the time zone of the first site.
STANDING = ("programs", "sites", "part_versions", "open_requests", "flagged_parts")
ACKNOWLEDGMENTS = ("acknowledgments", "acknowledged_documents", "people_named")
WAGES = ("sites", "positions", "wage_schedules", "wage_periods")
SIGNING = (*WAGES, "live_agreements", "newest_signing_links", "preview_links")


@cache
def _stand_in() -> Onboarding:
    """Return the onboarding for which the statements are written; no row has its keys."""
    return Onboarding(pk=-1, employer=Employer(pk=UUID(int=0)))


@cache
def _prepared(name: str) -> Prepared:
    return prepare(LISTS[name](_stand_in()))


def _keys(onboarding: Onboarding) -> list[Any]:
    """Return the keys of an onboarding and its employer as the database takes them."""
    rows: tuple[Model, ...] = (onboarding, onboarding.employer)
    return [row._meta.pk.get_db_prep_value(row.pk, connection) for row in rows]


class Lists:
    """One employer's lists. Whoever knows what they need calls `read`; any other list costs a query when asked for."""

    def __init__(self, onboarding: Onboarding) -> None:
        self.onboarding = onboarding
        self.employer: Employer = onboarding.employer
        self.rows: dict[str, list[Any]] = {}

    def read(self, *names: str) -> Self:
        """Read these of LISTS, or all, in one statement; what was read before stays as it was."""
        missing = [name for name in names or LISTS if name not in self.rows]
        if missing:
            keys = dict(zip(_keys(_stand_in()), _keys(self.onboarding), strict=True))
            self.rows |= read_prepared({name: _prepared(name) for name in missing}, keys)
        return self

    def _list(self, name: str) -> list[Any]:
        return self.read(name).rows[name]

    def _joined(self, name: str, **others: str) -> list[Any]:
        """Return a list whose rows point to rows of other lists, or to none: `site="sites"`."""
        self.read(name, *others.values())
        for field, other in others.items():
            known = {row.pk: row for row in self.rows[other]}
            for row in self.rows[name]:
                setattr(row, field, known.get(getattr(row, f"{field}_id")))
        return self.rows[name]

    @cached_property
    def program(self) -> Program:
        """What AAMI has configured. Raises ProgramNotConfigured if the row is missing."""
        return next(iter(self._list("programs")), None) or Program.objects.current()

    @cached_property
    def sites(self) -> list[Site]:
        """The sites, in the order they were entered."""
        return self._list("sites")

    @cached_property
    def positions(self) -> list[Position]:
        """The positions, each with its site."""
        return self._joined("positions", site="sites")

    @cached_property
    def funding_sources(self) -> list[FundingSource]:
        """The sources of money."""
        return self._list("funding_sources")

    @cached_property
    def mentors(self) -> list[Mentor]:
        """The mentors, each with their site."""
        return self._joined("mentors", site="sites")

    @cached_property
    def acknowledgments(self) -> dict[int, Acknowledgment]:
        """The acknowledgments by the document's key, each with its document and its reader."""
        rows = self._joined("acknowledgments", document="acknowledged_documents", user="people_named")
        return {row.document_id: row for row in rows}

    @cached_property
    def wage_schedule(self) -> WageSchedule | None:
        """The newest version of the wage schedule, with its periods."""
        self.read("wage_schedules", "wage_periods")
        for row in self.rows["wage_schedules"]:
            attach(row, "periods", self.rows["wage_periods"])
        return next(iter(self.rows["wage_schedules"]), None)

    @cached_property
    def versions(self) -> dict[str, PartVersion]:
        """How often each part was saved."""
        return {row.part: row for row in self._list("part_versions")}

    @cached_property
    def open_request(self) -> ChangeRequest | None:
        """The change request that waits for the employer, with the parts that it flags."""
        self.read("open_requests", "flagged_parts")
        for row in self.rows["open_requests"]:
            attach(row, "flagged_parts", self.rows["flagged_parts"])
        return next(iter(self.rows["open_requests"]), None)

    @property
    def has_agreement(self) -> bool:
        """Whether there can be an agreement to read; without the list it has to be asked for."""
        return bool(self.rows.get("live_agreements", True))

    @cached_property
    def newest_signing_link(self) -> SigningLink | None:
        """The last link that was mailed to the signatory."""
        return next(iter(self._list("newest_signing_links")), None)

    @cached_property
    def preview_links(self) -> list[PreviewLink]:
        """The links for legal and HR that were not revoked."""
        return self._list("preview_links")

    @cached_property
    def newest_message(self) -> Message | None:
        """What AAMI or the employer wrote last, with its author."""
        return next(iter(self._joined("newest_messages", author="people_named")), None)
