"""Candidates and partners, made as quickly as a test needs them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from apprentices.models import Candidate


def candidate(name: str = "Ada Ortiz", zip_code: str = "55805", *, days: float = 1, **said: Any) -> Candidate:
    """Return somebody who shares since so many days."""
    from apprentices.models import Candidate, ConsentText
    from apprentices.places import place_of

    place, moment = place_of(zip_code), timezone.now() - dt.timedelta(days=days)
    assert place
    status = said.pop("status", Candidate.Status.CONFIRMED)
    is_confirmed = status != Candidate.Status.UNCONFIRMED
    return Candidate.objects.create(
        name=name, email=f"{name.split()[0].lower()}@example.org", zip_code=zip_code, city=place.city,
        state=place.state, region=place.region.number if place.region else None, latitude=place.latitude,
        longitude=place.longitude, is_of_age=True, asked_age=16, consent=ConsentText.objects.latest("version"),
        consented_at=moment, status=status, confirmed_at=moment if is_confirmed else None, heard_at=moment,
        created_at=moment, **said,
    )  # fmt: skip
