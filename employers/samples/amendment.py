"""An active sample partner that wants a raise and a second site: an amendment that waits for AAMI."""

from decimal import Decimal

from employers import drafting, signing
from employers.amended import Amended, case_of
from employers.models import Amendment, Onboarding, Site, WageSchedule
from employers.samples.journey import Journey
from employers.wages.schedule import equal_periods

CLINIC = {
    "id": None, "name": "Riverbend Clinic", "street": "45 Main Street East", "city": "Menomonie", "state": "WI",
    "zip_code": "54751", "time_zone": "America/Chicago", "health_care_group": "", "journeyworkers": 2,
    "gi_bill": Site.Approval.UNKNOWN, "gi_bill_facility_code": "", "local_minimum_wage": None,
}  # fmt: skip
RATES, FULL_RATE = ("22.50", "25.50", "28.00", "31.00"), Decimal("36.00")


def propose(journey: Journey) -> Amendment:
    """Draft the amendment of an active partner and sign it as its owner."""
    draft(journey)
    onboarding = Onboarding.objects.select_related("employer").get(pk=journey.onboarding.pk)
    journey.sign_presented(signing.present(onboarding, by=journey.owner))
    return Amendment.objects.get(employer=onboarding.employer)


def draft(journey: Journey) -> Amendment:
    """Draft the amendment and leave it there."""
    onboarding = Onboarding.objects.select_related("employer").get(pk=journey.onboarding.pk)
    drafting.start(onboarding, by=journey.owner)
    case = case_of(onboarding)
    assert isinstance(case, Amended)
    drafting.save(case, _change, version=0, by=journey.owner)
    return case.amendment


def _change(case: Amended) -> None:
    amendment = case.amendment
    amendment.proposal["sites"].append(CLINIC)
    before = WageSchedule.objects.newest_for(case.employer)
    assert before is not None
    row = WageSchedule.objects.create(
        employer_id=amendment.employer_id, version=before.version + 1, term_hours=before.term_hours,
        journeyworker_rate=FULL_RATE, amendment=amendment,
    )  # fmt: skip
    for period in equal_periods([Decimal(rate) for rate in RATES], FULL_RATE, before.term_hours).periods:
        row.periods.create(
            number=period.number, hours_from=period.hours_from, hours_to=period.hours_to, rate=period.rate
        )
    amendment.wage_schedule = row
