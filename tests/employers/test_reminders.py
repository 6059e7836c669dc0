"""A year of reminders, hour by hour where it matters: exactly these mails, none twice, none after the state changed."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.conf import settings

from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.program.admin.publishing import publish, renew
from apprenticeship.program.audience import Audience
from apprenticeship.program.models import MinimumWage, Program, ProgramDocument, ReminderPlan
from apprenticeship.records import mail
from apprenticeship.records.models import Notification, Reminder
from employers import assignment, registering, signatory
from employers.models import Onboarding, RegistrationAttempt, WageSchedule
from employers.onboarding import Part, State
from employers.reminders import remind
from employers.samples import hospitals
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.employers.stored import StoredJourney
from tests.people import person

pytestmark = pytest.mark.django_db

START = dt.datetime(2027, 2, 1, 15, 30, tzinfo=dt.UTC)  # a Monday, half past nine in Duluth
DULUTH = ZoneInfo("America/Chicago")
SUMMER = "10:30"  # half past three in UTC, in Duluth from March 14 to November 7
Mail = tuple[str, str, str]  # local time in Duluth, name, recipient


@pytest.fixture
def staff(db: None) -> tuple[User, User]:
    return (
        person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS, pk=920_000),
        person("manager@example.org", "Terrence Blake", staff=MANAGERS, pk=930_000),
    )


@pytest.fixture
def employer(
    staff: tuple[User, User], tmp_path: Any, settings: Any
) -> Callable[[State], tuple[Journey, Onboarding]]:
    """Return a function that brings another employer in Duluth to a state, on the first day."""
    settings.MEDIA_ROOT = tmp_path
    from apprenticeship.program.samples import create_sample_documents

    with time_machine.travel(START, tick=False):
        create_sample_documents()

    def at(state: State) -> tuple[Journey, Onboarding]:
        number = User.objects.filter(email__startswith="owner").count() + 1
        owner = person(f"owner{number}@example.org", "Dana Whitfield", pk=900_000 + number)
        journey = StoredJourney(hospitals.LAKESIDE, owner, *staff)
        return journey, journey.to(state)

    return at


def beat(days: int, *, hours: int = 24, since: dt.datetime = START) -> None:
    """Let beat tick every `hours` for some days."""
    for tick in range(0, days * 24, hours):
        with time_machine.travel(since + dt.timedelta(hours=tick), tick=False):
            remind()


def mails(*names: str) -> list[Mail]:
    """Return every reminder in the order it was queued."""
    rows = Notification.objects.filter(name__in=names) if names else Notification.objects.all()
    reminders = rows.filter(name__contains="reminder").order_by("created_at", "name", "recipient")
    return [
        (f"{row.created_at.astimezone(DULUTH):%Y-%m-%d %H:%M}", row.name, row.recipient.partition("@")[0])
        for row in reminders
    ]


def days_of(name: str) -> list[str]:
    return [when[:10] for when, _name, _to in mails(name)]


def test_idle_employer_hears_at_nine_its_own_time_also_after_the_clocks_change(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.POSITION)
    beat(70)
    assert mails() == [
        ("2027-02-08 09:30", "reminder_idle", "owner1"),
        ("2027-02-22 09:30", "reminder_idle", "owner1"),
        ("2027-04-02 10:30", "reminder_idle", "owner1"),  # daylight saving since March 14
    ]


def test_reminder_leaves_in_the_first_hour_after_nine_on_both_sides_of_the_change(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        ReminderPlan.objects.update(idle_days="40, 41")
        employer(State.POSITION)
    beat(2, hours=1, since=dt.datetime(2027, 3, 12, 0, 0, tzinfo=dt.UTC))
    assert mails() == [("2027-03-13 09:00", "reminder_idle", "owner1")]
    beat(1, hours=1, since=dt.datetime(2027, 3, 14, 0, 0, tzinfo=dt.UTC))
    assert mails()[1:] == [("2027-03-14 09:00", "reminder_idle", "owner1")]


def test_days_without_beat_bring_one_reminder_and_not_three(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.POSITION)
    beat(3, hours=1, since=START + dt.timedelta(days=65))
    assert mails() == [("2027-04-07 10:30", "reminder_idle", "owner1")]
    beat(300, hours=240, since=START + dt.timedelta(days=70))
    assert len(mails()) == 1


def test_saving_a_draft_starts_the_days_anew(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        journey, _onboarding = employer(State.POSITION)
    beat(5)
    with time_machine.travel(START + dt.timedelta(days=5), tick=False):
        journey.save(Part.POSITION, lambda row: None)
    beat(8, since=START + dt.timedelta(days=5))
    assert days_of("reminder_idle") == ["2027-02-13"]


def test_interval_made_shorter_repeats_nothing_and_an_empty_one_sends_nothing(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.POSITION)
    beat(8)
    ReminderPlan.objects.update(idle_days="5, 21")
    beat(10, since=START + dt.timedelta(days=8))
    assert days_of("reminder_idle") == ["2027-02-08"]
    ReminderPlan.objects.update(idle_days="")
    beat(10, since=START + dt.timedelta(days=18))
    assert days_of("reminder_idle") == ["2027-02-08"]


def test_unanswered_request_is_reminded_until_it_is_answered(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        _journey, onboarding = employer(State.CHANGES)
    beat(10)
    row = Notification.objects.get(name="reminder_changes")
    assert (days_of("reminder_changes"), [part["part"] for part in row.context["flagged"]]) == (
        ["2027-02-08"],
        ["Funding"],
    )
    with time_machine.travel(START + dt.timedelta(days=10), tick=False):
        onboarding.change_requests.get().flagged_parts.update(answer="Done.")
        advance(onboarding, "resubmit", by=_journey.owner)
    beat(30, since=START + dt.timedelta(days=10))
    assert days_of("reminder_changes") == ["2027-02-08"]


def test_nobodys_case_is_everybodys_and_a_claimed_one_its_reviewers(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        journey, onboarding = employer(State.REVIEW)
    beat(4)
    assert mails() == [
        ("2027-02-02 09:30", "reminder_unassigned", "manager"),
        ("2027-02-02 09:30", "reminder_unassigned", "reviewer"),
        ("2027-02-04 09:30", "reminder_unassigned", "manager"),
        ("2027-02-04 09:30", "reminder_unassigned", "reviewer"),
    ]
    with time_machine.travel(START + dt.timedelta(days=4), tick=False):
        assignment.claim(onboarding, by=journey.reviewer)
    beat(30, since=START + dt.timedelta(days=4))
    assert mails()[4:] == [
        ("2027-02-07 09:30", "reminder_review", "reviewer"),
        ("2027-02-10 09:30", "reminder_review", "reviewer"),
        ("2027-02-15 09:30", "reminder_review", "reviewer"),
    ]


def test_registration_is_to_be_sent_45_days_after_approval(employer: Any) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.REGISTRATION)
    beat(60)
    assert mails() == [
        ("2027-03-04 09:30", "reminder_registration", "reviewer"),
        ("2027-03-13 09:30", "reminder_registration", "reviewer"),
        ("2027-03-17 10:30", "reminder_registration", "reviewer"),
    ]
    assert {row.context["due_on"] for row in Notification.objects.filter(name="reminder_registration")} == {
        "Mar 18, 2027"
    }


def test_sending_starts_the_days_anew_and_a_return_ends_them(employer: Any) -> None:
    Program.objects.update(registration_sending_days=16, registration_deadline_days=30)
    with time_machine.travel(START, tick=False):
        journey, _onboarding = employer(State.REGISTRATION)
    beat(6)
    with time_machine.travel(START + dt.timedelta(days=6), tick=False):
        journey.send()
    beat(20, since=START + dt.timedelta(days=6))
    assert mails() == [
        ("2027-02-03 09:30", "reminder_registration", "reviewer"),
        ("2027-02-23 09:30", "reminder_agency", "reviewer"),
    ]
    assert Notification.objects.get(name="reminder_agency").context["due_on"] == "Mar 9, 2027"
    with time_machine.travel(START + dt.timedelta(days=26), tick=False):
        journey.return_by_agency()
    beat(40, since=START + dt.timedelta(days=26))
    assert mails("reminder_registration", "reminder_agency")[2:] == []


def test_a_corrected_day_of_sending_is_reminded_of_by_its_own_deadline(employer: Any, staff: Any) -> None:
    Program.objects.update(registration_deadline_days=30)
    with time_machine.travel(START, tick=False):
        journey, onboarding = employer(State.REGISTRATION)
        journey.send()
    beat(18)
    assert mails() == [("2027-02-17 09:30", "reminder_agency", "reviewer")]
    with time_machine.travel(START + dt.timedelta(days=18), tick=False):
        day = dt.date(2027, 2, 11)
        registering.correct(onboarding, by=staff[0], reason="Typing error.", sent_on=day)
    beat(13, since=START + dt.timedelta(days=18))
    assert mails()[1:] == [("2027-02-27 09:30", "reminder_agency", "reviewer")]
    sent = Notification.objects.filter(name="reminder_agency").order_by("created_at")
    assert [row.context["due_on"] for row in sent] == ["Mar 3, 2027", "Mar 13, 2027"]


def test_a_deadline_that_managers_change_moves_the_days_and_repeats_none(employer: Any) -> None:
    Program.objects.update(registration_deadline_days=30)
    with time_machine.travel(START, tick=False):
        journey, _onboarding = employer(State.REGISTRATION)
        journey.send()
    beat(18)
    for days in (31, 32, 30):
        Program.objects.update(registration_deadline_days=days)
        beat(1, since=START + dt.timedelta(days=18))
    assert mails() == [("2027-02-17 09:30", "reminder_agency", "reviewer")]
    Program.objects.update(registration_deadline_days=40)
    beat(40, since=START + dt.timedelta(days=19))
    assert [when[:10] for when, _name, _to in mails()[1:]] == ["2027-03-08", "2027-03-12"]


FORMER = {
    "case": "registration:{case.pk}:{attempt.since:%Y%m%dT%H%M%S}",
    "attempt": "registration:{attempt.pk}:{attempt.status}",
    "deadline": "registration:{attempt.pk}:{attempt.status}:20270318",
}


@pytest.mark.parametrize("former", FORMER)
def test_reminders_under_a_former_name_of_their_series_are_not_repeated(employer: Any, former: str) -> None:
    with time_machine.travel(START, tick=False):
        _journey, case = employer(State.REGISTRATION)
    beat(41)
    assert days_of("reminder_registration") == ["2027-03-04", "2027-03-13"]
    attempt = RegistrationAttempt.objects.get()
    Reminder.objects.update(series=FORMER[former].format(case=case, attempt=attempt))
    rename_series()
    beat(19, since=START + dt.timedelta(days=41))
    assert days_of("reminder_registration") == ["2027-03-04", "2027-03-13", "2027-03-17"]
    known = list(Reminder.objects.values_list("series", "mark"))
    rename_series()
    assert list(Reminder.objects.values_list("series", "mark")) == known


def test_reminders_of_a_day_of_sending_that_was_corrected_stay_with_it(employer: Any, staff: Any) -> None:
    Program.objects.update(registration_deadline_days=30)
    with time_machine.travel(START, tick=False):
        journey, case = employer(State.REGISTRATION)
        journey.send()
    beat(18)
    attempt = RegistrationAttempt.objects.get()
    Reminder.objects.update(series=FORMER["attempt"].format(case=case, attempt=attempt))
    with time_machine.travel(START + dt.timedelta(days=18), tick=False):
        registering.correct(case, by=staff[0], reason="Typing error.", sent_on=dt.date(2027, 2, 11))
    rename_series()
    beat(13, since=START + dt.timedelta(days=18))
    assert days_of("reminder_agency") == ["2027-02-17", "2027-02-27"]


def rename_series() -> None:
    """Do what the portal does once, when it is brought up to date."""
    import_module("employers.migrations.0028_reminder_series").take_over(apps, None)


def test_state_changed_between_reading_and_sending_sends_nothing(
    employer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from employers.reminders import watch

    with time_machine.travel(START, tick=False):
        journey, onboarding = employer(State.POSITION)
    newest = Reminder.objects.newest

    def withdrawn_meanwhile(series: Any) -> dict[str, int]:
        if Onboarding.objects.filter(pk=onboarding.pk, state=State.POSITION).exists():
            advance(onboarding, "withdraw", by=journey.owner, reason="No budget.")
        return newest(series)

    monkeypatch.setattr(watch.Reminder.objects, "newest", withdrawn_meanwhile)
    beat(1, since=START + dt.timedelta(days=8))
    assert mails() == []


@pytest.fixture
def rise(db: None) -> MinimumWage:
    """A minimum wage of 22 dollars in Minnesota from July 1."""
    MinimumWage.objects.filter(jurisdiction="MN").update(
        effective_from=dt.date(2025, 1, 1), known_through=None
    )
    return MinimumWage.objects.create(
        jurisdiction="MN",
        rate=Decimal("22.00"),
        effective_from=dt.date(2027, 7, 1),
        known_through=dt.date(2027, 12, 31),
        source_name="Minnesota DLI",
        verified_on=dt.date(2027, 2, 1),
    )


def test_rise_names_employers_and_periods_to_managers_and_to_each_employer(
    employer: Any, rise: MinimumWage
) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.ACTIVE)
        _journey, better = employer(State.ACTIVE)
        WageSchedule.objects.newest_for(better.employer).periods.filter(number=1).update(
            rate=Decimal("23.00")
        )
    beat(70, since=START + dt.timedelta(days=85))
    assert mails("reminder_wage_rise", "reminder_wage_rise_managers") == [
        ("2027-05-02 10:30", "reminder_wage_rise", "owner1"),
        ("2027-05-02 10:30", "reminder_wage_rise_managers", "manager"),
        ("2027-06-17 10:30", "reminder_wage_rise", "owner1"),
        ("2027-06-17 10:30", "reminder_wage_rise_managers", "manager"),
        ("2027-07-01 10:30", "reminder_wage_rise", "owner1"),
        ("2027-07-01 10:30", "reminder_wage_rise_managers", "manager"),
    ]
    told = Notification.objects.filter(name="reminder_wage_rise_managers").first()
    assert told.context["employers"] == [
        {
            "employer": "Lakeside Regional Medical Center",
            "periods": [
                {
                    "site": "Main campus",
                    "period": 1,
                    "rate": "$21.00",
                    "floor": "$22.00",
                    "on": "Jul 1, 2027",
                }
            ],
        }
    ]
    own = Notification.objects.filter(name="reminder_wage_rise").first()
    letter = mail.message(own.name, own.recipient, own.context, own.message_id)
    assert "An amendment is due: begin it in the portal" in " ".join(letter.body.split())
    assert own.context["action_url"] == f"{settings.SITE_URL}/agreement/"


def test_period_that_ends_before_the_rise_and_an_ended_partner_hear_nothing(
    employer: Any, rise: MinimumWage
) -> None:
    with time_machine.travel(START, tick=False):
        _journey, onboarding = employer(State.ACTIVE)
        onboarding.employer.positions.update(planned_start=dt.date(2025, 1, 1))
        employer(State.ENDED)
    beat(180, hours=144)
    assert mails("reminder_wage_rise", "reminder_wage_rise_managers") == []


def test_rate_entered_late_is_told_once(employer: Any, rise: MinimumWage) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.ACTIVE)
    beat(40, since=dt.datetime(2027, 7, 10, 15, 30, tzinfo=dt.UTC))
    assert days_of("reminder_wage_rise") == ["2027-07-10"]


def test_rise_is_looked_for_once_a_mark(
    employer: Any, rise: MinimumWage, django_assert_num_queries: Any
) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.ACTIVE)
    beat(3, hours=12, since=dt.datetime(2027, 5, 3, 15, 30, tzinfo=dt.UTC))
    later = dt.datetime(2027, 5, 10, 15, 30, tzinfo=dt.UTC)
    with time_machine.travel(later, tick=False), django_assert_num_queries(13):
        remind()


def told(name: str, days: str, to: str, clock: str = "09:30") -> list[Mail]:
    """Return a mail on each of these days of 2027 to each of these people."""
    return [(f"2027-{day} {clock}", name, person) for day in days.split() for person in to.split()]


YEAR = sorted(
    [
        *told("reminder_unassigned", "02-02 02-04 02-08", "manager reviewer"),
        *told("signing_reminder", "02-04 02-08", "owner2"),
        *told("reminder_idle", "02-08 02-22", "owner1 owner2"),
        *told("reminder_idle", "04-02", "owner1 owner2", SUMMER),
        *told("reminder_changes", "02-08 02-15 03-01", "owner3"),
        *told("reminder_review", "02-07 02-10 02-15", "reviewer"),
        *told("reminder_registration", "03-04 03-13", "reviewer"),
        *told("reminder_registration", "03-17", "reviewer", SUMMER),
        *told("reminder_agency", "03-04 03-13", "reviewer"),
        *told("reminder_agency", "03-17", "reviewer", SUMMER),
        *told(
            "reminder_wage_rise",
            "05-02 06-17 07-01",
            "owner2 owner3 owner4 owner5 owner6 owner7 owner8",
            SUMMER,
        ),
        *told("reminder_wage_rise_managers", "05-02 06-17 07-01", "manager", SUMMER),
        *told("reminder_new_version", "10-08 10-22", "owner2 owner3 owner8", SUMMER),
        *told("reminder_new_version", "11-15", "owner2 owner3 owner8"),
    ]
)


@pytest.fixture
def everybody(employer: Callable[[State], tuple[Journey, Onboarding]]) -> None:
    """One employer in each situation: on its way, waiting for its signatory, asked for changes, and so on."""
    with time_machine.travel(START, tick=False):
        employer(State.GET_STARTED)
        journey, onboarding = employer(State.AGREEMENT)
        journey.build_wages()
        journey.save(Part.AGREEMENT, journey._signatory)
        onboarding.refresh_from_db()
        signatory.send_link(onboarding, by=journey.owner)
        for state in (State.CHANGES, State.REVIEW):
            employer(state)
        journey, claimed = employer(State.REVIEW)
        assignment.claim(claimed, by=journey.reviewer)
        employer(State.REGISTRATION)
        employer(State.REGISTRATION)[0].send()
        for state in (State.ACTIVE, State.WITHDRAWN):
            employer(state)


@pytest.mark.once  # the other tests ask each of its questions
def test_a_year_of_everything_sends_exactly_these_mails_and_none_twice(
    everybody: None, rise: MinimumWage, staff: tuple[User, User]
) -> None:
    """Nobody does anything for a year, in which the clocks change twice, but AAMI publishes a document in October."""
    beat(242)
    published = START + dt.timedelta(days=242)  # October 1
    with time_machine.travel(published, tick=False):
        draft = renew(ProgramDocument.objects.required()[0])
        publish(draft, Audience.EVERYBODY, by=staff[1])
    beat(123, since=published)
    assert mails() == YEAR
    beat(2, since=START + dt.timedelta(days=365))
    assert mails() == YEAR


def test_query_count_stays_with_more_employers(employer: Any, django_assert_num_queries: Any) -> None:
    with time_machine.travel(START, tick=False):
        employer(State.POSITION)
    beat(1, since=START + dt.timedelta(days=100))
    later = START + dt.timedelta(days=101)
    with time_machine.travel(later, tick=False), django_assert_num_queries(15):
        remind()
    with time_machine.travel(START, tick=False):
        employer(State.POSITION)
        employer(State.GET_STARTED)
    beat(1, since=START + dt.timedelta(days=102))
    with time_machine.travel(START + dt.timedelta(days=103), tick=False), django_assert_num_queries(15):
        remind()
