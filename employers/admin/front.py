"""The admin's front page: what waits, where cases stand and how long, what AAMI did; every figure leads to its list."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apprenticeship import charts
from apprenticeship.documents.models import Document
from apprenticeship.months import last_months, year_ago
from apprenticeship.records.models import Notification, Status
from apprenticeship.tile_map import TileMap, tile_map
from employers import figures, kept_figures
from employers.admin.ages import AGE_WORDS
from employers.admin.filters import OVERDUE, UNASSIGNED, in_tab, targets_of
from employers.aging import age_of
from employers.models import DeskFigures, LogoCard, Onboarding
from employers.models.desk_figures import Stay
from employers.onboarding import STEP_BY_STATE, State, Text

VIEW = "employers.view_onboarding"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the strip, with the list it counts and the class of its tag."""

    count: int
    words: str
    url: str
    mood: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How one queue of rows is: its rows that failed, and those that wait for long."""

    name: str
    failed: int
    late: int
    failed_url: str
    late_url: str

    @property
    def mood(self) -> str:
        """The class of the tag."""
        return "error" if self.failed else "now" if self.late else "done"


def listed(name: str, **lookups: Any) -> str:
    """Return the address of an admin list, filtered."""
    address = reverse(f"admin:{name}_changelist")
    return f"{address}?{urlencode(lookups)}" if lookups else address


def queue(**lookups: Any) -> str:
    """Return the address of the queue, filtered."""
    return listed("employers_onboarding", **lookups)


def front_page(request: HttpRequest) -> dict[str, Any]:
    """Return everything that the page shows to those who read cases; constant queries, none over all moves."""
    ages, kept, targets = figures.by_age(), kept_figures.newest(), targets_of(request)
    return {
        "strip": _strip(request, ages),
        "standing": _standing(ages),
        "funnel": _funnel(kept),
        "months": _months(kept),
        "counted_at": kept.at,
        "places": _places(),
        "aging": [(row, age_of(row)) for row in figures.aging(targets)],
        "overdue_url": queue(tab=OVERDUE),
        "health": _health(request),
    }


def _strip(request: HttpRequest, ages: dict[str, dict[str, int]]) -> list[Figure]:
    def here(state: State) -> int:
        return sum(ages.get(state, {}).values())

    late = Onboarding.objects.filter(in_tab(request, OVERDUE)).count()
    active, cards = here(State.ACTIVE), LogoCard.objects.waiting().count()
    free = Onboarding.objects.filter(in_tab(request, UNASSIGNED)).count()
    return [
        Figure(here(State.REVIEW), _("in review at AAMI"), queue(state__exact=State.REVIEW.value)),
        Figure(free, _("without a reviewer"), queue(tab=UNASSIGNED), "now" if free else ""),
        Figure(late, _("past their target"), queue(tab=OVERDUE), "error" if late else ""),
        Figure(here(State.REGISTRATION), _("with the DOL"), queue(state__exact=State.REGISTRATION.value)),
        Figure(
            active,
            ngettext("active partner", "active partners", active),
            queue(state__exact=State.ACTIVE.value),
            "done",
        ),
        Figure(
            cards,
            ngettext("logo card to approve", "logo cards to approve", cards),
            listed("employers_logocard", judge="yes"),
            "now" if cards else "",
        ),
    ]


def _label(state: State) -> str:
    step = STEP_BY_STATE[state]
    return _("%(number)s · %(state)s") % {"number": step.number, "state": state.label}


def _standing(ages: dict[str, dict[str, int]]) -> charts.BarChart:
    """Return the cases in each state of the eight steps, the older the darker."""
    shades = {name: shade for shade, name in enumerate(figures.AGES, start=1)}
    bars = [
        charts.Bar(
            label=_label(state),
            url=queue(state__exact=state.value),
            segments=tuple(
                charts.Segment(
                    count=ages.get(state, {}).get(name, 0),
                    shade=shade,
                    url=queue(state__exact=state.value, age=name),
                )
                for name, shade in shades.items()
            ),
        )
        for state in figures.PATH
    ]
    return charts.bar_chart(
        bars, [charts.Legend(shade, str(AGE_WORDS[name])) for name, shade in shades.items()]
    )


def _funnel(kept: DeskFigures) -> charts.BarChart:
    """Return how many employers ever came to each state, and the median stay there."""
    since = year_ago(kept.at)
    bars = [
        charts.Bar(
            label=_label(state),
            url=queue(reached=state.value),
            segments=(charts.Segment(count=kept.reached.get(state, 0), shade=3),),
            note=_stay(kept.stays.get(state)),
            note_url=_finished_url(state, since) if state in kept.stays else "",
        )
        for state in kept_figures.STAGES
    ]
    return charts.bar_chart(bars)


def _stay(stay: Stay | None) -> str:
    if stay is None:
        return "–"
    days = round(stay.days) if stay.days >= 10 else round(stay.days, 1)
    shown = f"{days:g}"
    said = (
        _("under an hour") if stay.days < 1 / 24 else ngettext("%(n)s day", "%(n)s days", days) % {"n": shown}
    )
    return _("%(days)s, of %(count)s") % {"days": said, "count": stay.count}


def _finished_url(state: State, since: dt.datetime) -> str:
    facts = kept_figures.finishing(state)
    return listed(
        "employers_move",
        source__exact=state.value,
        edge__in=",".join(facts["edge__in"]),
        is_walk__exact=0,
        at__gte=moment(since),
    )


def moment(at: dt.date) -> str:
    """Return a moment, or the start of a day in UTC, as an address says it."""
    return at.strftime("%Y-%m-%d %H:%M:%S+00:00")


def _months(kept: DeskFigures) -> charts.ColumnChart:
    """Return submissions and approvals by month."""
    ends = (*kept.months[1:], last_months(kept.months[-1] + dt.timedelta(days=32))[-1])
    spans = [(moment(first), moment(after)) for first, after in zip(kept.months, ends, strict=True)]
    return charts.column_chart(
        [(date_format(month, "F Y"), date_format(month, "M")) for month in kept.months],
        [
            charts.Series(
                name=_("submissions"),
                counts=kept.submissions,
                urls=tuple(
                    listed("employers_submission", submitted_at__gte=start, submitted_at__lt=end)
                    for start, end in spans
                ),
            ),
            charts.Series(
                name=_("approvals"),
                counts=kept.approvals,
                urls=tuple(
                    listed("employers_move", edge__exact="approve", at__gte=start, at__lt=end)
                    for start, end in spans
                ),
            ),
        ],
    )


def _places() -> TileMap:
    return tile_map(figures.by_place(), url=lambda state: listed("employers_employer", state__exact=state))


def _health(request: HttpRequest) -> list[Health]:
    """Return how mail and papers do, for those who may look."""
    queues: list[tuple[Text, Any, str, str]] = [
        (_("Mail"), Notification, "records_notification", "delivery"),
        (_("Papers"), Document, "documents_document", "status__exact"),
    ]
    return [
        Health(
            str(name),
            model.objects.filter(status=Status.FAILED).count(),
            model.objects.late().count(),
            listed(address, **{by_status: Status.FAILED.value}),
            listed(address, stuck="yes", **{by_status: Status.PENDING.value}),
        )
        for name, model, address, by_status in queues
        if request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]
