"""Bring a sample employer to any state, step by step, by the functions that the pages call."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program, ProgramDocument
from employers import codes, desk, registering, signatory, signing
from employers.application import Application
from employers.editing import save_part
from employers.forms.profile import place_of
from employers.models import (
    Acknowledgment,
    Agreement,
    FundingSource,
    Mentor,
    Onboarding,
    Position,
    RegistrationAttempt,
    Signature,
    Site,
    WageSchedule,
)
from employers.onboarding import Part, State
from employers.people import found_employer
from employers.samples.hospitals import Hospital
from employers.transitions import advance
from employers.wages.schedule import equal_periods

BROWSER = "Sample data"
START_IN = dt.timedelta(days=60)


class Journey:
    """One sample employer on its way: `to(state)` goes as far as that state."""

    def __init__(self, hospital: Hospital, owner: User, reviewer: User, manager: User) -> None:
        self.hospital, self.owner, self.reviewer, self.manager = hospital, owner, reviewer, manager
        self.onboarding = found_employer(owner, hospital.name)

    def to(self, state: State) -> Onboarding:
        """Make every move on the shortest way to `state` and return the onboarding there."""
        self.make(_WAYS[state])
        return self.onboarding

    def make(self, moves: tuple[str, ...]) -> None:
        """Make the moves one after the other."""
        for move in moves:
            getattr(self, move)()
            self.onboarding = Onboarding.objects.select_related("employer").get(pk=self.onboarding.pk)

    def complete_profile(self) -> None:
        """Step 1."""
        self.save(Part.PROFILE, self._profile)
        advance(self.onboarding, "start", by=self.owner)

    def acknowledge(self) -> None:
        """Step 2."""
        self.save(Part.STANDARDS, self._acknowledgments)
        advance(self.onboarding, "acknowledge_standards", by=self.owner)

    def ensure_position(self) -> None:
        """Step 3."""
        self.save(Part.POSITION, self._positions)
        advance(self.onboarding, "confirm_position", by=self.owner)

    def fund(self) -> None:
        """Step 4."""
        self.save(Part.FUNDING, self._funding)
        advance(self.onboarding, "secure_funding", by=self.owner)

    def appoint(self) -> None:
        """Step 5."""
        self.save(Part.MENTOR, self._mentors)
        advance(self.onboarding, "appoint_mentor", by=self.owner)

    def sign(self) -> None:
        """Step 6: wages, signatory, signature."""
        self.build_wages()
        self.save(Part.AGREEMENT, self._signatory)
        self.sign_presented(signing.present(self.onboarding, by=self.owner))

    def sign_presented(self, agreement: Agreement) -> None:
        """Sign what waits for the owner, with the code that would be mailed."""
        code = codes.issue(agreement, self.owner)
        codes.note_consent(agreement, self.owner)
        codes.note_sent(agreement, self.owner)
        title = "Chief Human Resources Officer"
        signatory.sign_in_portal(
            agreement, by=self.owner, typed={"full_name": self.owner.name, "title": title, "sha256": agreement.sha256},
            code=code or "", ip="192.0.2.1", browser=BROWSER,
        )  # fmt: skip

    def submit(self) -> None:
        """Step 7: hand in."""
        advance(self.onboarding, "submit", by=self.owner)

    def request_changes(self) -> None:
        """AAMI asks for changes."""
        notes = {Part.FUNDING: "Please name the state grant and attach its amount to the source."}
        desk.request_changes(
            self.onboarding, by=self.reviewer, notes=notes, message="Nearly there; one thing to add."
        )

    def approve(self) -> None:
        """AAMI countersigns."""
        agreement = Application(self._fresh()).signed_agreement
        assert agreement is not None
        known = signing.Identity(
            method=Signature.Method.FACTOR, proof=Signature.Proof.APP, proof_at=timezone.now()
        )
        desk.approve(
            self.onboarding, by=self.reviewer, title="Director, Apprenticeship", typed_name=self.reviewer.name,
            sha256=agreement.sha256, ip="192.0.2.2", browser=BROWSER, known=known,
        )  # fmt: skip

    def send(self) -> None:
        """AAMI sends the papers to the registration agency, after checking the list."""
        attempt = RegistrationAttempt.objects.open_for(self.onboarding)
        assert attempt is not None
        for item in attempt.checks.all():
            registering.check(self.onboarding, item.pk, by=self.reviewer, is_checked=True)
        registering.send(self.onboarding, by=self.reviewer, sent_on=timezone.now().date(), how="RAPIDS")

    def return_by_agency(self) -> None:
        """The agency wants something changed."""
        notes = {Part.PROFILE: "Please give the complaint contact a telephone number that is answered."}
        reason = "The complaint contact cannot be reached."
        desk.return_by_agency(self.onboarding, by=self.reviewer, reason=reason, notes=notes)

    def resubmit(self) -> None:
        """Answer what is asked and hand in again."""
        request = self.onboarding.change_requests.get(closed_at=None)
        answered = {"answered_by": self.owner, "answered_at": timezone.now()}
        request.flagged_parts.update(answer="The number is answered from eight to five now.", **answered)
        advance(self.onboarding, "resubmit", by=self.owner)

    def register(self) -> None:
        """The DOL has registered the employer."""
        number = f"{timezone.now().year}-{self.hospital.sites[0].state}-{self.onboarding.pk:06}"
        desk.register(
            self.onboarding, by=self.reviewer, program_number=number, registered_on=timezone.localdate()
        )

    def decline(self) -> None:
        """AAMI declines."""
        desk.decline(
            self.onboarding, by=self.reviewer, reason="No technician on staff can act as a mentor yet."
        )

    def withdraw(self) -> None:
        """The owner stops."""
        advance(self.onboarding, "withdraw", by=self.owner, reason="Our budget for next year is not decided.")

    def suspend(self) -> None:
        """The manager lets the partnership rest."""
        desk.suspend(
            self.onboarding, by=self.manager, reason="The mentor has left; a new one is being appointed."
        )

    def end(self) -> None:
        """The manager ends the partnership."""
        desk.end(self.onboarding, by=self.manager, reason="The site has closed.")

    def build_wages(self) -> None:
        """Step 6, first half."""
        self.save(Part.WAGES, self._wages)

    def save(self, part: Part, store: Callable[[Onboarding], None]) -> None:
        """Save a part as the owner does."""
        version = (
            self.onboarding.part_versions.filter(part=part).values_list("version", flat=True).first() or 0
        )
        save_part(self.onboarding, part, store, version=version, by=self.owner)

    def _fresh(self) -> Onboarding:
        return Onboarding.objects.select_related("employer").get(pk=self.onboarding.pk)

    def _profile(self, onboarding: Onboarding) -> None:
        employer, first = onboarding.employer, self.hospital.sites[0]
        fields = {
            "kind": self.hospital.kind, "street": first.street, "city": first.city, "state": first.state,
            "zip_code": first.zip_code, "county": first.county, "contact_name": self.owner.name,
            "contact_title": "Human Resources", "contact_email": self.owner.email, "contact_phone": "555-555-0142",
            "complaint_name": "Employee Relations", "complaint_phone": "555-555-0143",
            "complaint_email": "relations@example.org", "follows_selection_procedure": True,
            "complaint_address": f"{first.street}, {first.city}, {first.state} {first.zip_code}",
        }  # fmt: skip
        for name, value in fields.items():
            setattr(employer, name, value)
        employer.save()
        for place in self.hospital.sites:
            zone = (place_of(place.zip_code) or {}).get("timezone", "")
            Site.objects.create(
                employer=employer, name=place.name, street=place.street, city=place.city, state=place.state,
                zip_code=place.zip_code, journeyworkers=place.journeyworkers, time_zone=zone,
                gi_bill=Site.Approval.UNKNOWN, health_care_group=place.health_care_group,
            )  # fmt: skip

    def _acknowledgments(self, onboarding: Onboarding) -> None:
        for document in ProgramDocument.objects.required():
            Acknowledgment.objects.create(onboarding=onboarding, document=document, user=self.owner)

    def _positions(self, onboarding: Onboarding) -> None:
        Position.objects.create(
            employer=onboarding.employer, branch=Position.Branch.VACANCY, site=onboarding.employer.sites.first(),
            openings=self.hospital.openings, planned_start=timezone.localdate() + START_IN, hours_per_week=40,
        )  # fmt: skip
        onboarding.confirms_hiring = True
        onboarding.save()

    def _funding(self, onboarding: Onboarding) -> None:
        cost = Program.objects.current().related_instruction_cost * self.hospital.openings
        FundingSource.objects.create(
            employer=onboarding.employer, kind=FundingSource.Kind.BUDGET, amount=max(cost, Decimal(1))
        )
        onboarding.instruction_provider = "Sample Community College"
        onboarding.is_instruction_paid = True
        onboarding.instruction_time = Onboarding.InstructionTime.INSIDE
        onboarding.confirms_payment = True
        onboarding.save()

    def _mentors(self, onboarding: Onboarding) -> None:
        Mentor.objects.create(
            employer=onboarding.employer, site=onboarding.employer.sites.first(), name="Robin Castellano",
            title="Lead biomedical technician", email="robin@example.org", credentials="CBET", years=14,
            apprentices_carried=0,
        )  # fmt: skip

    def _wages(self, onboarding: Onboarding) -> None:
        term = Program.objects.current().term_hours
        rates = [Decimal(rate) for rate in self.hospital.rates]
        row = WageSchedule.objects.open_for(onboarding.employer) or WageSchedule(
            employer=onboarding.employer, version=onboarding.employer.wage_schedules.count() + 1
        )
        row.term_hours, row.journeyworker_rate = term, self.hospital.full_rate
        row.save()
        for period in equal_periods(rates, self.hospital.full_rate, term).periods:
            row.periods.create(
                number=period.number, hours_from=period.hours_from, hours_to=period.hours_to, rate=period.rate
            )

    def _signatory(self, onboarding: Onboarding) -> None:
        onboarding.signatory_name = self.owner.name
        onboarding.signatory_title = "Chief Human Resources Officer"
        onboarding.signatory_email = self.owner.email
        onboarding.save()


_STEPS = ("complete_profile", "acknowledge", "ensure_position", "fund", "appoint", "sign", "submit")
_REGISTRATION = (*_STEPS, "approve")
_ACTIVE = (*_REGISTRATION, "send", "register")
_WAYS: dict[State, tuple[str, ...]] = {
    State.GET_STARTED: (),
    State.STANDARDS: _STEPS[:1],
    State.POSITION: _STEPS[:2],
    State.FUNDING: _STEPS[:3],
    State.MENTOR: _STEPS[:4],
    State.AGREEMENT: _STEPS[:5],
    State.SUBMISSION: _STEPS[:6],
    State.REVIEW: _STEPS,
    State.CHANGES: (*_STEPS, "request_changes"),
    State.DECLINED: (*_STEPS, "decline"),
    State.WITHDRAWN: (*_STEPS[:4], "withdraw"),
    State.REGISTRATION: _REGISTRATION,
    State.ACTIVE: _ACTIVE,
    State.SUSPENDED: (*_ACTIVE, "suspend"),
    State.ENDED: (*_ACTIVE, "end"),
}


def way_to(state: State) -> tuple[str, ...]:
    """Return the moves on the shortest way to a state."""
    return _WAYS[state]
