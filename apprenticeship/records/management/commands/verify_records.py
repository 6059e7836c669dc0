"""Say whether everything that was recorded is still what it was."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apprenticeship.records import verification


class Command(BaseCommand):
    """Look through event chains, papers, seals and signatures: a line for each problem, exit code 1 if any."""

    help = "Check event chains, stored papers, seals and signatures against their hashes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every registered check, one row at a time."""
        looked_at, problems = [], 0
        for things, check in verification.registered().items():
            count = 0
            for problem in check():
                count += 1
                if problem:
                    problems += 1
                    self.stdout.write(problem)
            looked_at.append(f"{count} {things}")
        summary = ", ".join(looked_at)
        if problems:
            raise CommandError(f"Looked at {summary}. Problems: {problems}.")
        self.stdout.write(f"Looked at {summary}. No problem found.")
