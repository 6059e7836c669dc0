"""Take a lost second factor off an account, on the portal's own machine: for the last superuser."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apprenticeship.accounts import lost_factor
from apprenticeship.accounts.models import User


class Command(BaseCommand):
    """`manage.py remove_second_factor somebody@example.org`; the person is told by mail, the log keeps it."""

    help = "Take the second factor off an account whose owner lost it; they set up a new one as they sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove it, or say why not."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        if not lost_factor.remove(user, by=None):
            raise CommandError("This account has no second factor.")
        self.stdout.write("Removed. The person was told by mail and sets up a new one at the next sign-in.")
