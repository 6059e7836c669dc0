"""Reviews not yet decided: kept while a reviewer types, so that no log-out or second window costs their work."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from apprenticeship.accounts.models import User
from employers import permissions
from employers.models import Onboarding, ReviewDraft
from employers.onboarding import EDGE_BY_NAME
from employers.transitions import lock


class CaseMovedOn(Exception):
    """The case is no longer where it was when the reviewer opened it."""


class NewerDraft(Exception):
    """The reviewer has saved a newer draft in another window; `version` is its number."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}")
        self.version = version


@transaction.atomic
def keep(
    onboarding: Onboarding, typed: dict[str, str], *, by: User, seen: dt.datetime | None, version: int
) -> ReviewDraft:
    """Store a reviewer's draft of this stay in review. Raises NotAllowed, CaseMovedOn or NewerDraft, storing nothing.

    `seen` is when the state began that the page showed, `version` the draft that it showed, 0 if none. What is kept
    already is no newer draft: a page sends its marks with everything else it sends.
    """
    onboarding = lock(onboarding)
    permissions.check(EDGE_BY_NAME["request_changes"], onboarding, by)
    draft = ReviewDraft.objects.filter(onboarding=onboarding, reviewer=by).first()
    if draft and (draft.seen, draft.typed) == (seen, typed):
        return draft
    if seen != onboarding.state_since:
        raise CaseMovedOn
    draft = draft or ReviewDraft(onboarding=onboarding, reviewer=by)
    if draft.version != version:
        raise NewerDraft(draft.version)
    draft.typed, draft.seen, draft.version = typed, seen, version + 1
    draft.saved_at = timezone.now()
    draft.save()
    return draft


def kept(onboarding: Onboarding, by: User) -> dict[str, str]:
    """Return what a reviewer has marked and typed in this stay."""
    rows = ReviewDraft.objects.filter(onboarding=onboarding, reviewer=by, seen=onboarding.state_since)
    return rows.values_list("typed", flat=True).first() or {}


def drop(onboarding: Onboarding, *, by: User) -> None:
    """Forget the draft that a decision has used. Drafts of colleagues stay theirs."""
    ReviewDraft.objects.filter(onboarding=onboarding, reviewer=by).delete()
