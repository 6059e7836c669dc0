"""Tell candidates who asked for it when a partner within their reach opens positions: one mail a week at most."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from apprentices.choices import Moving, Travel
from apprentices.distances import miles_from, nearby
from apprentices.links import page_grant
from apprentices.models import Candidate, PositionNews
from apprenticeship.records import mail
from employers.models import Position
from employers.onboarding import State

WEEK = dt.timedelta(days=7)
# Who was told just before hears of a position a week later; afterwards it is no news.
NEWS_LIFE = WEEK + dt.timedelta(days=1)
AT_ONCE = 500


def announce() -> int:
    """Take up positions that opened, and write to those in reach. Returns how many mails."""
    _take_up()
    sent = 0
    for news in PositionNews.objects.filter(done_at=None).select_related(
        "position__site", "position__employer"
    ):
        due = list(_due(news)[:AT_ONCE])
        sent += sum(_tell(candidate) for candidate in due)
        if not due and news.started_at < timezone.now() - NEWS_LIFE:
            PositionNews.objects.filter(pk=news.pk).update(done_at=timezone.now())
    return sent


def open_positions() -> "QuerySet[Position]":
    """Return positions of active partners that candidates can be hired into."""
    today = timezone.localdate()
    return Position.objects.filter(
        Q(planned_start=None) | Q(planned_start__gte=today),
        employer__onboarding__state=State.ACTIVE,
        openings__gte=1,
        site__isnull=False,
    ).exclude(branch=Position.Branch.INCUMBENT)


def _take_up() -> None:
    new = open_positions().filter(candidate_news=None)
    rows = (PositionNews(position=position) for position in new)
    PositionNews.objects.bulk_create(rows, ignore_conflicts=True)


def _due(news: PositionNews) -> "QuerySet[Candidate]":
    """Return those in reach of a position who were told nothing since it opened, nor within a week."""
    if not open_positions().filter(pk=news.position_id).exists():
        return Candidate.objects.none()
    site, last_week = news.position.site, timezone.now() - WEEK
    reach = Q(moving=Moving.ANYWHERE) | Q(moving=Moving.STATE, state=site.state)
    for miles in Travel.values:
        reach |= Q(travel=miles, zip_code__in=nearby(site.zip_code[:5], miles))
    untold = Q(news_at=None) | Q(news_at__lt=min(news.started_at, last_week))
    return Candidate.objects.shown().filter(untold, reach, wants_openings=True).order_by("pk")


@transaction.atomic
def _tell(candidate: Candidate) -> bool:
    """Write one mail about every position in reach that opened since the last."""
    same = Candidate.objects.shown().filter(pk=candidate.pk, news_at=candidate.news_at, wants_openings=True)
    if not same.update(news_at=timezone.now()):
        return False
    fresh = PositionNews.objects.filter(done_at=None, position__in=open_positions())
    if candidate.news_at:
        fresh = fresh.filter(started_at__gt=candidate.news_at)
    rows = fresh.select_related("position__site", "position__employer").order_by("started_at", "pk")
    positions = [_facts(row.position) for row in rows if reaches(candidate, row.position)]
    if not positions:
        return False
    context = {"person": candidate.name, "positions": positions}
    mail.send("candidate_openings", candidate.email, context, about=candidate, grant=page_grant(candidate))
    return True


def reaches(candidate: Candidate, position: Position) -> bool:
    """Tell whether somebody would travel or move to where a position is."""
    site = position.site
    if candidate.moving == Moving.ANYWHERE or (
        candidate.moving == Moving.STATE and candidate.state == site.state
    ):
        return True
    miles = miles_from(site.zip_code[:5], candidate.zip_code)
    return miles is not None and candidate.travel is not None and miles <= candidate.travel


def _facts(position: Position) -> dict[str, str]:
    start = position.planned_start
    return {
        "employer": str(position.employer),
        "place": f"{position.site.city}, {position.site.state}",
        "start": date_format(start, "F Y") if start else "",
    }
