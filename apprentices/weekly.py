"""A weekly mail to a partner: how many new candidates match its search. Numbers alone, no people."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apprentices.forms.search import SearchForm
from apprentices.models import WeeklyLink, WeeklySearch
from apprentices.opening import is_open_to
from apprentices.search import COUNTED, within
from apprenticeship.accounts.models import User
from apprenticeship.records import mail
from apprenticeship.records.grants import digest, new_token
from employers.models import Membership
from employers.permissions import seat_of

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """The search that somebody's weekly mail is about, beside the one they look at."""

    query: str  # as in the address
    in_words: list[str] | None  # None if it does not work any more, for example because its site is gone
    is_this: bool  # the one they look at


def following(membership: Membership, form: SearchForm) -> Following | None:
    """Return what this person's weekly mail is about, or None without one. `form` is the search on the page."""
    row = WeeklySearch.objects.filter(user=membership.user).first()
    if row is None:
        return None
    saved = SearchForm(QueryDict(row.query), employer=membership.employer)
    if not saved.is_valid():
        return Following(query=row.query, in_words=None, is_this=False)
    is_this = form.is_valid() and saved.query == form.query
    return Following(query=row.query, in_words=saved.in_words, is_this=is_this)


def follow(membership: Membership, form: SearchForm) -> WeeklySearch:
    """Mail this person every week how many new candidates match; a search followed before is replaced."""
    query = QueryDict(mutable=True)
    query.update(form.query)
    row, _is_new = WeeklySearch.objects.update_or_create(
        user=membership.user,
        defaults={"employer": membership.employer, "query": query.urlencode(), "counted_at": timezone.now()},
    )
    return row


def unfollow(user: User) -> None:
    """End the weekly mail."""
    WeeklySearch.objects.filter(user=user).delete()


def stop_path(link_id: str) -> str:
    """Return the path that ends the weekly mail, by a fresh token in the place of this mail's last one.

    Links of other mails go on working. Raises LookupError if the weekly mail has ended.
    """
    token = new_token()
    running = WeeklyLink.objects.filter(pk=link_id, user__in=WeeklySearch.objects.values("user"))
    if not running.update(token_hash=digest(token)):
        raise LookupError(link_id)
    return reverse("candidates:weekly-stop", args=[token])


def reader_of(token: str) -> User | None:
    """Return whose weekly mail carried this link, or None if none did."""
    link = WeeklyLink.objects.select_related("user").filter(token_hash=digest(token)).first()
    reader: User | None = link.user if link else None
    return reader


def is_followed_by(user: User) -> bool:
    """Tell whether this person gets the weekly mail."""
    return WeeklySearch.objects.filter(user=user).exists()


def tell_matches() -> int:
    """Write to those whose week is over and who have new matches. Returns how many mails."""
    due = WeeklySearch.objects.filter(counted_at__lte=timezone.now() - WEEK).select_related("user")
    return sum(_tell(row) for row in due)


@transaction.atomic
def _tell(row: WeeklySearch) -> bool:
    now = timezone.now()
    if not WeeklySearch.objects.filter(pk=row.pk, counted_at=row.counted_at).update(counted_at=now):
        return False
    membership = seat_of(row.user)
    if membership is None or membership.employer_id != row.employer_id or not is_open_to(membership.employer):
        return False
    form = SearchForm(QueryDict(row.query), employer=membership.employer)
    if not form.is_valid():
        return False
    count = within(form.filters).filter(confirmed_at__gt=row.counted_at)[: COUNTED + 1].count()
    if not count:
        return False
    context = {
        "person": row.user.get_short_name(),
        "number": f"{min(count, COUNTED):,}",
        "is_one": count == 1,
        "is_more": count > COUNTED,
        "search": " · ".join(form.in_words) or gettext("everybody"),
        "search_url": f"{settings.SITE_URL}{reverse('candidates:search')}?{row.query}",
    }
    link = WeeklyLink.objects.create(user=row.user)
    mail.send("weekly_matches", row.user.email, context, user=row.user, grant=("weekly_stop", link.pk))
    return True
