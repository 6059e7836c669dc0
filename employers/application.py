"""Everything an application says, read once: pages, checks, papers and the desk work on this."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from apprenticeship.program.models import AgreementTemplate, MinimumWage, ProgramDocument
from employers.lists import Lists
from employers.models import Agreement, Amendment, Employer, Position, RegistrationAttempt, Site
from employers.models.employer import NOT_COVERED, UNKNOWN_GROUP
from employers.onboarding import LIVING, Part, State
from employers.wages.check import Check
from employers.wages.floors import FloorRow, Workplace
from employers.wages.rules import judge


class Application(Lists):
    """One employer's answers, and what they are judged by. What is not a short list costs a query when asked for."""

    @cached_property
    def required_documents(self) -> list[ProgramDocument]:
        """The current versions that every employer acknowledges."""
        return list(ProgramDocument.objects.required())

    @cached_property
    def template(self) -> AgreementTemplate | None:
        """The text of the agreement that is presented now."""
        return AgreementTemplate.objects.current()

    @cached_property
    def binding_kinds(self) -> set[str]:
        """The kinds of documents of which a newer version has to be signed since the agreement was presented."""
        agreement = self.agreement_in_force or self.signed_agreement
        if agreement is None:
            return set()
        rows = ProgramDocument.objects.binding_since(
            agreement.presented_at, for_partner=agreement.is_in_force
        )
        return set(rows.values_list("kind", flat=True))

    @cached_property
    def agreement(self) -> Agreement | None:
        """The agreement presented, signed or in force; the newest if there are two."""
        if not self.has_agreement:
            return None
        rows = Agreement.objects.live().with_binding_version().with_method().filter(employer=self.employer)
        return rows.select_related("template", "wage_schedule").order_by("-version").first()

    @cached_property
    def signed_agreement(self) -> Agreement | None:
        """The agreement if it carries the employer's signature."""
        is_signed = self.agreement and self.agreement.status != Agreement.Status.PRESENTED
        return self.agreement if is_signed else None

    @cached_property
    def agreement_in_force(self) -> Agreement | None:
        """The agreement that both parties signed and nothing has replaced."""
        return self.agreement if self.agreement and self.agreement.is_in_force else None

    @cached_property
    def amendment(self) -> Amendment | None:
        """The open amendment; only an active or suspended partner can have one."""
        return Amendment.objects.open_for(self.employer) if self.is_living else None

    @cached_property
    def attempt(self) -> RegistrationAttempt | None:
        """The open attempt to register; only a case that is being registered has one."""
        is_there = self.onboarding.state == State.REGISTRATION
        return RegistrationAttempt.objects.open_for(self.onboarding) if is_there else None

    @property
    def is_living(self) -> bool:
        """Whether what the agreement prints changes by an amendment only."""
        return self.onboarding.state in LIVING

    @property
    def is_signing_open(self) -> bool:
        """Whether the steps have come to the signature."""
        return bool(self.onboarding.state == State.AGREEMENT)

    @property
    def is_judged(self) -> bool:
        """Whether AAMI has it to decide on."""
        return bool(self.onboarding.state == State.REVIEW)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the first site, or UTC while there is none."""
        return zone_of(self.employer, self.sites)

    @property
    def planned_apprentices(self) -> int:
        """Openings over all positions; an incumbent worker is one."""
        return sum(position.openings or 0 for position in self.positions)

    @property
    def instruction_cost(self) -> Decimal:
        """The cost of related instruction for all planned apprentices, in dollars."""
        return self.program.related_instruction_cost * self.planned_apprentices

    @property
    def funding_covered(self) -> Decimal:
        """What the named sources add up to, in dollars."""
        return sum((source.amount or Decimal(0) for source in self.funding_sources), Decimal(0))

    @cached_property
    def floors(self) -> tuple[FloorRow, ...]:
        """The minimum wages that can apply at any site, federal ones included."""
        states = {site.state for site in self.sites if site.state}
        return tuple(
            FloorRow(
                jurisdiction=row.jurisdiction,
                sector=row.sector,
                rate=row.rate,
                effective_from=row.effective_from,
                known_through=row.known_through,
                is_confirmed=row.is_confirmed,
                source_name=row.source_name,
                source_url=row.source_url,
            )
            for row in MinimumWage.objects.for_states(states)
        )

    @cached_property
    def workplaces(self) -> tuple[Workplace, ...]:
        """Each site with a position, with the start and hours that decide on which day a period begins."""
        return tuple(
            _workplace(position, position.site)
            for position in self.positions
            if position.site and position.site.state
        )

    @cached_property
    def wage_checks(self) -> tuple[Check, ...]:
        """Every wage rule judged with today's minimum wages; none without a schedule."""
        if self.wage_schedule is None:
            return ()
        return judge(self.wage_schedule.as_schedule(), self.workplaces, self.floors)

    @cached_property
    def flagged(self) -> set[str]:
        """The parts of the open change request. Wages and agreement stand and fall together: both are signed."""
        if self.open_request is None:
            return set()
        parts = {row.part for row in self.open_request.flagged_parts.all()}
        return parts | ({Part.AGREEMENT} if Part.WAGES in parts else set())


def _workplace(position: Position, site: Site) -> Workplace:
    group = site.health_care_group if site.state == "CA" else NOT_COVERED
    return Workplace(
        name=str(site),
        state=site.state,
        sector=None if group in ("", NOT_COVERED, UNKNOWN_GROUP) else group,
        sector_unknown=group in ("", UNKNOWN_GROUP),
        local_minimum=site.local_minimum_wage,
        planned_start=position.planned_start,
        hours_per_week=position.hours_per_week,
    )


def zone_of(employer: Employer, sites: Iterable[Site] | None = None) -> ZoneInfo:
    """Return the time zone of an employer's first site, or UTC while there is none."""
    rows = employer.sites.all() if sites is None else sites
    return ZoneInfo(next((site.time_zone for site in rows if site.time_zone), "UTC"))
