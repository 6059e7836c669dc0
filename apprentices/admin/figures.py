"""The page of candidates in figures: when and where they join, how they heard, how far they come, who looks double."""

import datetime as dt
from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apprentices.choices import Heard
from apprentices.figures import FUNNEL, Figures, figures
from apprentices.models import Candidate
from apprentices.places import state_label
from apprenticeship import charts
from apprenticeship.months import last_months, year_ago
from apprenticeship.program.regions import REGIONS
from apprenticeship.tile_map import tile_map
from employers.admin.front import Figure, listed, moment

OUTSIDE = "none"  # the region of military mail, in addresses
Status = Candidate.Status


def people(**lookups: Any) -> str:
    """Return the address of the list of candidates, filtered."""
    return listed("apprentices_candidate", **lookups)


def log(verb: str, **lookups: Any) -> str:
    """Return the address of what the event log says of a verb."""
    return listed("records_event", verb__exact=verb, **lookups)


def figures_page(request: HttpRequest) -> dict[str, Any]:
    """Return everything that the page shows; `?region=` shows the states of one region. Constant queries."""
    found = figures()
    chosen = next((row for row in REGIONS if str(row.number) == request.GET.get("region")), None)
    may_read_log = request.user.has_perm("records.view_event")
    return {
        "strip": _strip(found),
        "region": chosen,
        "joined": _states(found, chosen.number) if chosen else _regions(found),
        "places": tile_map(found.places, url=lambda state: people(state__exact=state, status__exact=Status.CONFIRMED)),
        "sources": _sources(found),
        "funnel": _funnel(found, may_read_log),
        "months": _months(found, may_read_log),
        "counted_at": found.at,
    }  # fmt: skip


def _strip(found: Figures) -> list[Figure]:
    words = {
        Status.CONFIRMED: (_("share"), "done"),
        Status.UNCONFIRMED: (_("have to confirm their address"), ""),
        Status.EXPIRED: (_("hidden: did not reconfirm"), ""),
        Status.STOPPED: (_("stopped sharing"), ""),
    }
    double = found.look_alikes
    return [
        *(
            Figure(found.statuses.get(status, 0), text, people(status__exact=status.value), mood)
            for status, (text, mood) in words.items()
        ),
        Figure(double, _("look double"), people(double="yes", o=1), "now" if double else ""),
    ]


def _spans(found: Figures) -> list[tuple[str, str]]:
    """Return where each month begins and ends, as addresses say it."""
    after = last_months(found.months[-1] + dt.timedelta(days=32))[-1]
    return [(moment(start), moment(end)) for start, end in pairwise((*found.months, after))]


def _strip_of(
    found: Figures, label: str, counts: tuple[int, ...], url: str = "", **place: Any
) -> charts.Strip:
    """Return one place's people by the month they joined, each count with its list."""
    spans = _spans(found)
    return charts.Strip(
        label=label,
        url=url,
        counts=counts,
        urls=tuple(people(**place, confirmed_at__gte=start, confirmed_at__lt=end) for start, end in spans),
        total_url=people(**place, confirmed_at__gte=spans[0][0], confirmed_at__lt=spans[-1][1]),
    )  # fmt: skip


def _regions(found: Figures) -> charts.StripChart:
    page = reverse("admin:apprentices_candidate_figures")
    strips = [
        _strip_of(found, region.name, _sum(found, region.number), f"{page}?region={region.number}",
                  region=region.number)
        for region in REGIONS
    ]  # fmt: skip
    outside = _sum(found, None)
    if any(outside):
        strips.append(_strip_of(found, _("Outside the regions"), outside, region=OUTSIDE))
    return charts.strip_chart(_month_names(found), strips)


def _states(found: Figures, region: int) -> charts.StripChart:
    rows = sorted(
        (state_label(state), state, counts)
        for (number, state), counts in found.joined.items()
        if number == region
    )
    strips = [_strip_of(found, name, counts, state__exact=state) for name, state, counts in rows]
    return charts.strip_chart(_month_names(found), strips)


def _sum(found: Figures, region: int | None) -> tuple[int, ...]:
    rows = [counts for (number, _state), counts in found.joined.items() if number == region]
    return tuple(sum(column) for column in zip(*rows, strict=True)) or (0,) * len(found.months)


def _month_names(found: Figures) -> list[str]:
    return [date_format(month, "M Y") for month in found.months]


def _sources(found: Figures) -> charts.BarChart:
    """Return how people heard of the program, the most frequent first."""
    labels = {"": _("Not said"), **{code.value: str(code.label) for code in Heard}}
    ordered = sorted(labels, key=lambda code: -sum(found.sources.get(code, (0, 0))))
    bars = []
    for code in ordered:
        shared, others = found.sources.get(code, (0, 0))
        here = {"heard_from__exact": code}
        segments = (
            charts.Segment(count=shared, shade=4, url=people(**here, status__exact=Status.CONFIRMED)),
            charts.Segment(count=others, shade=1),
        )
        bars.append(charts.Bar(label=labels[code], url=people(**here), segments=segments))
    return charts.bar_chart(bars, [charts.Legend(4, _("share")), charts.Legend(1, _("do not"))])


def _funnel(found: Figures, may_read_log: bool) -> charts.BarChart:
    """Return how far people came within a year: each counts once a step, those deleted since included."""
    labels = (
        _("Sent the form"),
        _("Confirmed their address"),
        _("Opened by a partner"),
        _("Hired by a partner"),
    )
    since, first = moment(year_ago(found.at)), found.funnel.get(FUNNEL[0], 0)
    bars = []
    for label, verb in zip(labels, FUNNEL, strict=True):
        count = found.funnel.get(verb, 0)
        url = log(verb, first="yes", at__gte=since) if may_read_log else ""
        share = _("%(share)d%% of the forms") % {"share": round(100 * count / first)} if first else "–"
        bars.append(
            charts.Bar(label=label, url=url, segments=(charts.Segment(count=count, shade=3),), note=share)
        )
    return charts.bar_chart(bars)


def _months(found: Figures, may_read_log: bool) -> charts.ColumnChart:
    """Return forms and confirmations by month."""
    series = []
    for name, verb, counts in (
        (_("forms sent"), FUNNEL[0], found.started),
        (_("addresses confirmed"), FUNNEL[1], found.confirmed),
    ):
        urls = (log(verb, at__gte=start, at__lt=end) for start, end in _spans(found))
        series.append(
            charts.Series(name=name, counts=counts, urls=tuple(url if may_read_log else "" for url in urls))
        )
    names = [(date_format(month, "F Y"), date_format(month, "M")) for month in found.months]
    return charts.column_chart(names, series)
