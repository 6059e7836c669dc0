"""A minimum wage that will overtake a schedule: told to the employer, and to managers with every employer named."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.models import User
from apprenticeship.program.models import MinimumWage, ReminderPlan
from apprenticeship.program.models.minimum_wage import FEDERAL
from apprenticeship.program.regions import STATE_NAMES, state_name
from apprenticeship.records import mail
from apprenticeship.records.models import Reminder
from employers.application import Application, zone_of
from employers.models import Onboarding
from employers.onboarding import LIVING, State
from employers.reminders.employer import to_people, with_places
from employers.reminders.watch import Watch, holds_in, latest_due
from employers.wages.floors import floor_for
from employers.wages.overtaken import Overtaken, overtaken
from employers.wages.wording import day as in_words
from employers.wages.wording import dollars

# A rate that is entered late is told all the same, for so many days.
LATE = dt.timedelta(days=30)
# Where a day begins first and last.
FIRST_ZONE, LAST_ZONE = dt.timezone(dt.timedelta(hours=14)), dt.timezone(dt.timedelta(hours=-12))
# States in which a wage schedule is nobody's concern any more.
OVER = (State.WITHDRAWN, State.DECLINED, State.ENDED)


def rises(plan: ReminderPlan) -> Iterator[Watch]:
    """Yield, for each coming minimum wage, the employers whose schedules it overtakes, and the managers' list."""
    marks = plan.before("wage_rise_days")
    if not marks:
        return
    today = timezone.now().date()
    soon = today + dt.timedelta(days=1 - marks[0])
    coming = MinimumWage.objects.filter(
        is_confirmed=True, effective_from__gt=today - LATE, effective_from__lte=soon
    )
    rows = list(coming.order_by("effective_from", "jurisdiction", "sector"))
    looked = Reminder.objects.newest(f"{_series(wage)}:looked" for wage in rows)
    for wage in rows:
        series = f"{_series(wage)}:looked"
        look = _watch(wage, series, marks, FIRST_ZONE)
        mark = latest_due(look, timezone.now(), plan.hour)
        if mark is not None and looked.get(series, mark - 1) < mark:
            yield from _of(wage, marks, plan)
            # Once the day has come everywhere nobody has to be looked for again until the next mark.
            yield _watch(wage, series, marks, LAST_ZONE)


def concerned(wage: MinimumWage) -> list[tuple[Onboarding, list[Overtaken]]]:
    """Return the employers whose schedules a minimum wage overtakes, each with the periods, by name."""
    here = Onboarding.objects.exclude(state__in=OVER).filter(employer__wage_schedules__isnull=False)
    if wage.jurisdiction != FEDERAL:
        here = here.filter(employer__sites__state=wage.jurisdiction)
    found = []
    for onboarding in with_places(here.distinct()):
        periods = list(_overtaken(onboarding, wage))
        if periods:
            found.append((onboarding, periods))
    return sorted(found, key=lambda pair: (str(pair[0].employer).casefold(), pair[0].pk))


def _overtaken(onboarding: Onboarding, wage: MinimumWage) -> Iterator[Overtaken]:
    """Yield what this very row overtakes: where another floor is higher on that day, that one's row tells it."""
    application = Application(onboarding)
    if application.wage_schedule is None:
        return
    states = STATE_NAMES.keys() if wage.jurisdiction == FEDERAL else {wage.jurisdiction}
    places = [
        place
        for place in application.workplaces
        if place.state in states and (not wage.sector or place.sector == wage.sector)
    ]
    bound = [
        place
        for place in places
        if floor_for(application.floors, place, wage.effective_from).rate == wage.rate
    ]
    schedule = application.wage_schedule.as_schedule()
    yield from overtaken(schedule, bound, application.floors, wage.effective_from, states)


def _of(wage: MinimumWage, marks: tuple[int, ...], plan: ReminderPlan) -> Iterator[Watch]:
    series, found = _series(wage), concerned(wage)
    for onboarding, periods in found:
        yield _watch(
            wage,
            f"{series}:{onboarding.pk}",
            marks,
            zone_of(onboarding.employer, onboarding.employer.sites.all()),
            lambda row=onboarding: holds_in(row) and _holds(wage),  # type: ignore[misc]
            lambda row=onboarding, low=periods: _tell_employer(wage, row, low),  # type: ignore[misc]
        )
    if found:
        yield _watch(wage, f"{series}:managers", marks, plan.zone, mail=lambda: _tell_managers(wage, found))


def _series(wage: MinimumWage) -> str:
    return f"wage:{wage.jurisdiction}:{wage.sector}:{wage.effective_from:%Y%m%d}:{wage.rate}"


def _watch(
    wage: MinimumWage,
    series: str,
    marks: tuple[int, ...],
    zone: dt.tzinfo,
    holds: Callable[[], bool] | None = None,
    mail: Callable[[], None] = lambda: None,
) -> Watch:
    return Watch(
        series=series,
        day=wage.effective_from,
        marks=marks,
        zone=zone,
        holds=holds or (lambda: _holds(wage)),
        mail=lambda _mark: mail(),
    )


def _holds(wage: MinimumWage) -> bool:
    """Whether the row still says so."""
    here = MinimumWage.objects.filter(pk=wage.pk, rate=wage.rate, effective_from=wage.effective_from)
    return here.exists()


def _facts(wage: MinimumWage) -> dict[str, Any]:
    place = "Federal" if wage.jurisdiction == FEDERAL else state_name(wage.jurisdiction)
    return {
        "place": place,
        "floor": dollars(wage.rate),
        "rises_on": in_words(wage.effective_from),
        "source": wage.source_name,
    }


def _lines(periods: Sequence[Overtaken]) -> list[dict[str, Any]]:
    return [
        {
            "site": row.workplace,
            "period": row.number,
            "rate": dollars(row.rate),
            "floor": dollars(row.floor),
            "on": in_words(row.on),
        }
        for row in periods
    ]


def _tell_employer(wage: MinimumWage, onboarding: Onboarding, periods: Sequence[Overtaken]) -> None:
    is_partner = onboarding.state in LIVING
    facts = _facts(wage) | {"periods": _lines(periods), "is_partner": is_partner}
    page = reverse("employers:agreement") if is_partner else reverse("employers:wages")
    to_people("reminder_wage_rise", onboarding, facts, page)


def _tell_managers(wage: MinimumWage, found: Sequence[tuple[Onboarding, list[Overtaken]]]) -> None:
    path = reverse("admin:program_minimumwage_changelist")
    facts = _facts(wage) | {
        "employers": [{"employer": str(row.employer), "periods": _lines(low)} for row, low in found],
        "action_url": f"{settings.SITE_URL}{path}?q={wage.jurisdiction}",
    }
    for person in managers():
        context = facts | {"person": person.get_short_name()}
        mail.send("reminder_wage_rise_managers", person.email, context, user=person)


def managers() -> list[User]:
    """Return everybody at AAMI who manages the program."""
    permission = Permission.objects.filter(codename="manage_onboarding", content_type__app_label="employers")
    may = Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    return list(User.objects.filter(may, is_staff=True, is_active=True).distinct().order_by("pk"))
