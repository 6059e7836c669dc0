"""Find the case of a review page, with what the page would otherwise ask for one by one."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.shortcuts import get_object_or_404

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program
from employers.aging import TARGETS, clock
from employers.assignment import held
from employers.look_alikes import marked
from employers.models import Membership, Onboarding, PaperScan


def case_for(reader: User, object_id: str) -> Any:
    """Return a case with its clock, `is_held`, `looks_like_another`, `has_scan` and the reader's `role_here`.

    Raises Http404.
    """
    targets = {key: Subquery(Program.objects.values(name)[:1]) for key, name in TARGETS.items()}
    seats = Membership.objects.filter(employer=OuterRef("employer"), user=reader.pk, is_active=True)
    rows = held(Onboarding.objects.select_related("employer", "reviewer", "registration")).annotate(
        looks_like_another=marked(),
        **clock(targets),
        role_here=Subquery(seats.values("role")[:1]),
        has_scan=Exists(PaperScan.objects.filter(agreement__employer=OuterRef("employer"))),
    )
    return get_object_or_404(rows, pk=object_id if object_id.isdecimal() and len(object_id) < 10 else None)
