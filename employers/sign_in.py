"""Who a request comes from: the user and their seat at an application's table, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import FilteredRelation, Q

from apprenticeship.accounts.models import User


class SeatBackend(AuthenticationBackend):
    """Sign in by e-mail address; every later request reads the user with their seat.

    A user has one active membership at most (a constraint), so the join gives one row.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the user who may sign in, with `seat`: the active membership with employer and onboarding, or None."""
        seat = FilteredRelation("memberships", condition=Q(memberships__is_active=True))
        rows: Any = User.objects.annotate(seat=seat)
        user: User | None = rows.select_related("seat__employer__onboarding").filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        vars(user).setdefault("seat", None)  # Django leaves out a join that found nothing
        return user
