"""The short lists of an application: what the employer entered, and where its parts stand."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Self

from django.db.models import Q, QuerySet

from apprenticeship.accounts.models import User
from apprenticeship.program.models import ProgramDocument
from apprenticeship.together import attach, read_together
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
    Site,
    WagePeriod,
    WageSchedule,
)

Rows = QuerySet[Any]

LISTS: dict[str, Callable[[Onboarding], Rows]] = {
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
    "newest_messages": lambda onboarding: onboarding.messages.order_by("-at")[:1],
    "people_named": lambda onboarding: User.objects.filter(
        Q(pk__in=onboarding.acknowledgments.values("user"))
        | Q(pk__in=onboarding.messages.order_by("-at").values("author")[:1])
    ),
}
# What every page of a part asks: its version, what AAMI flagged, and the time zone of the first site.
STANDING = ("sites", "part_versions", "open_requests", "flagged_parts")
ACKNOWLEDGMENTS = ("acknowledgments", "acknowledged_documents", "people_named")
WAGES = ("sites", "positions", "wage_schedules", "wage_periods")


class Lists:
    """One employer's lists. Whoever knows what they need calls `read`; any other list costs a query when asked for."""

    def __init__(self, onboarding: Onboarding) -> None:
        self.onboarding = onboarding
        self.employer: Employer = onboarding.employer
        self._read: dict[str, list[Any]] = {}

    def read(self, *names: str) -> Self:
        """Read these of LISTS, or all, in one statement; what was read before stays as it was."""
        missing = [name for name in names or LISTS if name not in self._read]
        if missing:
            self._read |= read_together(**{name: LISTS[name](self.onboarding) for name in missing})
        return self

    def _list(self, name: str) -> list[Any]:
        return self.read(name)._read[name]

    def _joined(self, name: str, **others: str) -> list[Any]:
        """Return a list whose rows point to rows of other lists, or to none: `site="sites"`."""
        self.read(name, *others.values())
        for field, other in others.items():
            known = {row.pk: row for row in self._read[other]}
            for row in self._read[name]:
                setattr(row, field, known.get(getattr(row, f"{field}_id")))
        return self._read[name]

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
        for row in self._read["wage_schedules"]:
            attach(row, "periods", self._read["wage_periods"])
        return next(iter(self._read["wage_schedules"]), None)

    @cached_property
    def versions(self) -> dict[str, PartVersion]:
        """How often each part was saved."""
        return {row.part: row for row in self._list("part_versions")}

    @cached_property
    def open_request(self) -> ChangeRequest | None:
        """The change request that waits for the employer, with the parts that it flags."""
        self.read("open_requests", "flagged_parts")
        for row in self._read["open_requests"]:
            attach(row, "flagged_parts", self._read["flagged_parts"])
        return next(iter(self._read["open_requests"]), None)

    @cached_property
    def newest_message(self) -> Message | None:
        """What AAMI or the employer wrote last, with its author."""
        return next(iter(self._joined("newest_messages", author="people_named")), None)
