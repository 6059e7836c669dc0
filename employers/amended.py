"""What an employer's answers will be once an amendment is in force: read and judged like any application.

The live rows stay as they are until then. An amendment's `proposal` is plain data:

    employer        the printed fields of the organization
    representative  who signs
    sites           the printed fields of each site; "id" is the site's key, None for a new one, which has all fields
    documents       newly acknowledged documents: {"id", "user", "at"}
"""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects

from apprenticeship.program.models import ProgramDocument
from employers.application import Application
from employers.models import (
    Acknowledgment,
    Agreement,
    Amendment,
    Mentor,
    Onboarding,
    PartVersion,
    Position,
    Site,
    WageSchedule,
)
from employers.onboarding import LIVING, Part

# What the agreement prints of each row; everything else is edited freely.
EMPLOYER_PRINTS = ("legal_name", "dba_name", "ein", "naics", "street", "city", "state", "zip_code")
SITE_PRINTS = ("name", "street", "city", "state", "zip_code")
REPRESENTATIVE = ("signatory_name", "signatory_title", "signatory_email")
# The time zone follows the address; the rest is asked once, when a site is added.
SITE_FOLLOWS = ("time_zone", "health_care_group")
SITE_ASKS = ("journeyworkers", "gi_bill", "gi_bill_facility_code", "local_minimum_wage")


def proposal_of(application: Application) -> dict[str, Any]:
    """Return the proposal that changes nothing."""
    return {
        "employer": _picked(application.employer, EMPLOYER_PRINTS),
        "representative": _picked(application.onboarding, REPRESENTATIVE),
        "sites": [site_as_data(site) for site in application.sites],
        "documents": [],
    }


def site_as_data(site: Site) -> dict[str, Any]:
    """Return a site as a proposal keeps it."""
    row = _picked(site, (*SITE_PRINTS, *SITE_FOLLOWS, *(() if site.pk else SITE_ASKS)))
    return {"id": site.pk} | {
        name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()
    }


class Amended(Application):
    """The answers with an amendment in them. Its rows are copies: they are read and judged, never saved."""

    amendment: Amendment

    def __init__(self, onboarding: Onboarding, amendment: Amendment) -> None:
        super().__init__(copy(onboarding))
        self.amendment = amendment  # known, not looked up
        self.employer = copy(onboarding.employer)
        self.onboarding.employer = self.employer
        _put(self.employer, amendment.proposal["employer"])
        _put(self.onboarding, amendment.proposal["representative"])

    @cached_property
    def sites(self) -> list[Site]:
        """The sites that the amendment lists; new ones have no key yet."""
        known = {site.pk: site for site in self._list("sites")}
        return [
            self._site(row, known.get(row["id"]))
            for row in self.amendment.proposal["sites"]
            if row["id"] is None or row["id"] in known
        ]

    def _site(self, row: dict[str, Any], stored: Site | None) -> Site:
        if stored is None:
            facts = {name: value for name, value in row.items() if name != "id"}
            wage = facts["local_minimum_wage"]
            return Site(
                employer=self.employer, **facts | {"local_minimum_wage": Decimal(wage) if wage else None}
            )
        site = copy(stored)
        _put(site, {name: row[name] for name in SITE_PRINTS})
        if site.state != stored.state:  # otherwise its own answer counts, which may have changed since
            site.health_care_group = row["health_care_group"]
        site.time_zone = row["time_zone"]
        return site

    @cached_property
    def removed_sites(self) -> list[Site]:
        """The sites that the amendment takes off the list."""
        kept = {row["id"] for row in self.amendment.proposal["sites"]}
        return [site for site in self._list("sites") if site.pk not in kept]

    @cached_property
    def positions(self) -> list[Position]:
        """The positions, at the sites as they will be; those of a removed site have none."""
        return self._placed("positions")

    @cached_property
    def mentors(self) -> list[Mentor]:
        """The mentors, at the sites as they will be; those of a removed site have none."""
        return self._placed("mentors")

    def _placed(self, name: str) -> list[Any]:
        by_key = {site.pk: site for site in self.sites if site.pk}
        placed = self._list(name)
        for row in placed:
            row.site = by_key.get(row.site_id)
        return placed

    @cached_property
    def acknowledgments(self) -> dict[int, Acknowledgment]:
        """The acknowledgments by the document's key; a newly acknowledged version replaces the older one."""
        proposed = {row["id"]: row for row in self.amendment.proposal["documents"]}
        found = ProgramDocument.objects.in_bulk(proposed)
        new = {
            pk: Acknowledgment(
                onboarding=self.onboarding, document=found[pk], user_id=row["user"],
                at=dt.datetime.fromisoformat(row["at"]),
            )
            for pk, row in proposed.items()
        }  # fmt: skip
        kinds = {row.document.kind for row in new.values()}
        rows = super().acknowledgments.values()
        return {row.document_id: row for row in rows if row.document.kind not in kinds} | new

    @cached_property
    def wage_schedule(self) -> WageSchedule | None:
        """The amendment's own version, or the one in force while it changes no wage."""
        own: WageSchedule | None = self.amendment.wage_schedule
        if own is None:
            return super().wage_schedule
        prefetch_related_objects([own], "periods")
        return own

    @cached_property
    def agreement(self) -> Agreement | None:
        """The amendment's version of the agreement, once it was presented."""
        rows = (
            Agreement.objects.current().with_binding_version().with_method().filter(amendment=self.amendment)
        )
        return rows.select_related("template", "wage_schedule").order_by("-version").first()

    @cached_property
    def agreement_in_force(self) -> Agreement | None:
        """The agreement that the amendment will replace."""
        rows = Agreement.objects.with_binding_version().filter(employer=self.employer)
        in_force = rows.filter(status=Agreement.Status.IN_FORCE)
        return in_force.select_related("template").first()

    @property
    def is_signing_open(self) -> bool:
        """Whether the employer may sign it."""
        return bool(self.amendment.is_draft and self.onboarding.state in LIVING)

    @property
    def is_judged(self) -> bool:
        """Whether AAMI has it to decide on."""
        return self.amendment.status == Amendment.Status.SIGNED


def case_of(onboarding: Onboarding) -> Application:
    """Return what is to be signed: the open amendment of an active partner, else the application itself."""
    amendment = Application(onboarding).amendment
    return Amended(onboarding, amendment) if amendment else Application(onboarding)


def name_signatory(case: Application, person: Mapping[str, str], *, by: Any) -> None:
    """Store who signs what a case presents: with the amendment, or with the application. Rows are locked."""
    _put(case.onboarding, person)
    if isinstance(case, Amended):
        case.amendment.proposal["representative"] = dict(person)
        case.amendment.version += 1
        case.amendment.saved_by = by
        case.amendment.save(update_fields=["proposal", "version", "saved_by"])
    else:
        case.onboarding.save(update_fields=[*person])
        PartVersion.objects.bump(case.onboarding, Part.AGREEMENT, by=by)


def _picked(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _put(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
