"""Step 6: the wage schedule builder."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from employers.application import Application
from employers.forms.cleaning import finite
from employers.forms.part import PartForm, number_in
from employers.lists import WAGES
from employers.models import Onboarding, WageSchedule
from employers.onboarding import Part
from employers.wages.chart import wage_chart
from employers.wages.check import Check
from employers.wages.floors import floor_steps
from employers.wages.rules import judge, period_messages, summary
from employers.wages.schedule import (
    PERIODS_MAX,
    RATE_MAX,
    SAMPLE_PERCENTS,
    Period,
    Schedule,
    equal_periods,
    even_raises,
    percent_of_journeyworker,
    percent_pattern,
    sample_schedule,
)

PREFIX = "periods"
EVEN = "even-"
PERCENT = "percent"
SAMPLE = "sample"
# Where an even pattern starts if no first rate is typed: percent of the journeyworker rate.
FIRST_PERCENT = Decimal("0.62")


def patterns() -> list[tuple[str, str]]:
    """Return what a schedule may start from, as choices."""
    raises = [
        (
            f"{EVEN}{count}",
            ngettext("%(count)s even raise", "%(count)s even raises", count) % {"count": count},
        )
        for count in range(1, 6)
    ]
    percents = ", ".join(f"{percent}%" for percent in SAMPLE_PERCENTS)
    return [*raises, (PERCENT, f"{percents} of the full rate"), (SAMPLE, "The sample schedule")]


class RateField(forms.DecimalField):
    """Dollars per hour, two decimals; a typed dollar sign and commas are fine."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_value=RATE_MAX, min_value=Decimal("0.01"), decimal_places=2, required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": gettext_lazy("Enter dollars and cents, like 24.50."),
                "max_value": gettext_lazy("A rate above $999.99 an hour is a typing error. Enter dollars per hour."),
                "min_value": gettext_lazy("A rate is more than zero dollars."),
                "max_decimal_places": gettext_lazy("Use at most two decimals, like 24.50."),
            },
            **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        """Return the amount without sign and thousands."""
        amount = super().to_python(
            value.replace("$", "").replace(",", "").strip() if isinstance(value, str) else value
        )
        return finite(self, amount)


class FullRateForm(forms.Form):
    """What a technician earns who has completed training, and the pattern to start from."""

    journeyworker_rate = RateField(
        label=gettext_lazy("Fully proficient rate"),
        help_text=gettext_lazy("Paid to a technician who has completed training"),
    )
    pattern = forms.ChoiceField(
        label=gettext_lazy("Start from"),
        help_text=gettext_lazy("You can change every row afterwards"),
        choices=patterns,
        required=False,
    )


class PeriodForm(forms.Form):
    """One period: until which hour, at which rate."""

    hours_to = forms.IntegerField(
        label=gettext_lazy("Until hour"), min_value=1, max_value=20_000, required=False
    )
    rate = RateField(label=gettext_lazy("Dollars per hour"))


PeriodFormSet = forms.formset_factory(PeriodForm, extra=0, max_num=PERIODS_MAX, absolute_max=PERIODS_MAX + 20)


class WagesPart(PartForm):
    """The schedule as typed, judged while it is typed."""

    part = Part.WAGES
    template = "employers/steps/wages.html"
    preview = "employers:wages-preview"
    reads = WAGES

    def __init__(self, application: Application, data: QueryDict | None = None) -> None:
        super().__init__(application, data)
        self.term_hours = application.program.term_hours
        if self.data is not None:
            self.data = _reshaped(self.data, self.term_hours)

    def build(self) -> dict[str, Any]:
        """Return the full rate's form and one form a period."""
        row = self.application.wage_schedule
        start = row.as_schedule() if row else equal_periods([None, None], None, self.term_hours)
        periods = [{"hours_to": period.hours_to, "rate": period.rate} for period in start.periods]
        initial = {"journeyworker_rate": start.journeyworker_rate, "pattern": f"{EVEN}3"}
        return {
            "full": FullRateForm(self.data, initial=initial),
            "periods": PeriodFormSet(self.data, initial=periods, prefix=PREFIX),
        }

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule as it stands on the page; what cannot be read counts as not entered."""
        self.is_valid()
        start, periods = 0, []
        for number, form in enumerate(self.forms["periods"].forms, 1):
            end = _value(form, "hours_to") or (
                self.term_hours if number == len(self.forms["periods"].forms) else start
            )
            periods.append(Period(number, start, end, _value(form, "rate")))
            start = end
        return Schedule(self.term_hours, _value(self.forms["full"], "journeyworker_rate"), tuple(periods))

    @cached_property
    def checks(self) -> Sequence[Check]:
        """Every rule, judged on what the page shows."""
        return judge(self.schedule, self.application.workplaces, self.application.floors)

    @property
    def is_untouched(self) -> bool:
        """Whether no rate is entered yet, so that there is nothing to judge."""
        return all(period.rate is None for period in self.schedule.periods)

    @property
    def summary(self) -> str:
        """The checks in one line, or what to do first."""
        if self.is_untouched:
            return _("Enter a full rate and fill in from a pattern, or type each rate.")
        return summary(self.checks, self.schedule)

    @property
    def chart(self) -> str:
        """How the wage rises, as SVG."""
        steps = floor_steps(self.application.floors, self.application.workplaces, self.schedule)
        return wage_chart(self.schedule, steps)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each period with its form, its share of the full rate and what is wrong with it."""
        messages = period_messages(self.checks)
        return [
            {
                "form": form,
                "period": period,
                "percent": percent_of_journeyworker(period, self.schedule),
                "message": "" if period.rate is None else messages.get(period.number, ""),
            }
            for form, period in zip(self.forms["periods"].forms, self.schedule.periods, strict=True)
        ]

    def store(self, onboarding: Onboarding) -> None:
        """Save the schedule: into the version being edited, or as a new version after one was printed."""
        employer = onboarding.employer
        row = WageSchedule.objects.open_for(employer)
        if row is None:
            version = WageSchedule.objects.next_version(employer)
            row = WageSchedule(employer=employer, version=version)
        self.store_in(row)

    def store_in(self, row: WageSchedule) -> None:
        """Save the schedule into one version."""
        row.term_hours, row.journeyworker_rate = self.term_hours, self.schedule.journeyworker_rate
        row.save()
        row.periods.all().delete()
        row.periods.bulk_create(
            row.periods.model(
                schedule=row,
                number=period.number,
                hours_from=period.hours_from,
                hours_to=period.hours_to,
                rate=period.rate,
            )
            for period in self.schedule.periods
        )


def _value(form: forms.Form, name: str) -> Any:
    if form.is_bound:
        return getattr(form, "cleaned_data", {}).get(name)
    return form.initial.get(name)


def _reshaped(data: QueryDict, term_hours: int) -> QueryDict:
    """Return the posted fields after "add", "remove" or "start from a pattern" was pressed."""
    do = data.get("do", "")
    if do == "add":
        return _filled(data, _with_last_split(_typed_rows(data), term_hours))
    if do.startswith("remove-"):
        number = number_in(do.removeprefix("remove-"))
        return _filled(data, _without(_typed_rows(data), number or 0, term_hours))
    if do == "pattern":
        schedule = _pattern(data, term_hours)
        if schedule:
            data = data.copy()
            data["journeyworker_rate"] = str(schedule.journeyworker_rate)
            return _filled(data, [(str(p.hours_to), str(p.rate)) for p in schedule.periods])
    return data


def _pattern(data: QueryDict, term_hours: int) -> Schedule | None:
    """Return the schedule that the chosen pattern gives, or None if the full rate does not allow it.

    The sample brings its own full rate only where none is typed.
    """
    pattern, typed = data.get("pattern", ""), data.get("journeyworker_rate", "").strip()
    full = _amount(typed)
    try:
        if pattern == SAMPLE and not typed:
            return sample_schedule(term_hours)
        if full is None:
            return None
        if pattern in (PERCENT, SAMPLE):
            return percent_pattern(SAMPLE_PERCENTS, full, term_hours)
        raises = number_in(pattern.removeprefix(EVEN))
        if pattern.startswith(EVEN) and raises is not None:
            rows = _typed_rows(data)
            first = (_amount(rows[0][1]) if rows else None) or (full * FIRST_PERCENT).quantize(
                Decimal("0.01")
            )
            return even_raises(first, full, raises, term_hours)
    except ValueError:
        return None
    return None


def _typed_rows(data: QueryDict) -> list[tuple[str, str]]:
    total = min(number_in(data.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0, PERIODS_MAX + 20)
    return [
        (data.get(f"{PREFIX}-{index}-hours_to", ""), data.get(f"{PREFIX}-{index}-rate", ""))
        for index in range(total)
    ]


def _with_last_split(rows: list[tuple[str, str]], term_hours: int) -> list[tuple[str, str]]:
    """Return the rows with the last period shared with a new one; the other hours stay as typed."""
    if len(rows) >= PERIODS_MAX:
        return rows
    if not rows:
        return [(str(term_hours), "")]
    start = (number_in(rows[-2][0]) or 0) if len(rows) > 1 else 0
    end = max(number_in(rows[-1][0]) or term_hours, start)
    return [*rows[:-1], (str((start + end) // 2), rows[-1][1]), (str(end), "")]


def _without(rows: list[tuple[str, str]], number: int, term_hours: int) -> list[tuple[str, str]]:
    """Return the rows without one; the period before it lasts as long as the last one did, if that was removed."""
    kept = [row for index, row in enumerate(rows, 1) if index != number]
    if not kept:
        return [(str(term_hours), "")]
    if number == len(rows):
        kept[-1] = (rows[-1][0], kept[-1][1])
    return kept


def _filled(data: QueryDict, rows: Sequence[tuple[str, str]]) -> QueryDict:
    """Return the posted fields with these rows."""
    data = data.copy()
    data[f"{PREFIX}-TOTAL_FORMS"] = str(len(rows))
    for index, (hours_to, rate) in enumerate(rows):
        data[f"{PREFIX}-{index}-hours_to"] = hours_to
        data[f"{PREFIX}-{index}-rate"] = rate
    return data


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount <= RATE_MAX else None
