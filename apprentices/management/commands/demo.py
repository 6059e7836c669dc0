"""Fill a database with sample employers in every state, candidates, papers and mail."""

import datetime as dt
import random
from argparse import ArgumentParser
from typing import Any

import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apprentices import interest, opening, people_table, samples
from apprentices.choices import Purpose
from apprentices.deleting import delete_on_request
from apprentices.models import Candidate, ConsentText
from apprentices.places import place_of
from apprentices.search import Filters, find
from apprenticeship.accounts.models import User
from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from apprenticeship.program.models import AgreementTemplate, Program
from apprenticeship.program.samples import create_sample_documents
from apprenticeship.records.models import Notification, Status
from employers import question_pack
from employers.models import Employer, Membership, Role
from employers.onboarding import State
from employers.samples import hospitals, logos, partners, registration
from employers.samples.amendment import propose
from employers.samples.hospitals import Hospital
from employers.samples.past import PastJourney, hand_to_worker_now

PASSWORD = "demo-pass-2026"  # noqa: S105 - printed by `make run`, refused unless DEBUG

PUBLISHED = dt.timedelta(days=360)  # before the first sample employer began
# Who owns which sample employer, how far it has come, and how many days ago it began and made its last move.
EMPLOYERS: tuple[tuple[str, Hospital, State, int, int], ...] = (
    ("employer@example.org", hospitals.LAKESIDE, State.MENTOR, 24, 3),
    ("partner@example.org", hospitals.PRAIRIE, State.ACTIVE, 170, 95),
    ("outsider@example.org", hospitals.PINE, State.STANDARDS, 12, 9),
    ("harbor@example.org", hospitals.HARBOR, State.REVIEW, 33, 4),
    ("brendan@example.org", hospitals.ST_BRENDAN, State.CHANGES, 52, 6),
    ("northgate@example.org", hospitals.NORTHGATE, State.REGISTRATION, 78, 19),
    ("summit@example.org", hospitals.SUMMIT, State.SUBMISSION, 41, 2),
    ("bayou@example.org", hospitals.BAYOU, State.DECLINED, 110, 60),
    ("canyon@example.org", hospitals.CANYON, State.WITHDRAWN, 88, 47),
    ("gateway@example.org", hospitals.GATEWAY, State.SUSPENDED, 290, 16),
    ("aloha@example.org", hospitals.ALOHA, State.GET_STARTED, 1, 1),
    ("liberty@example.org", hospitals.LIBERTY, State.AGREEMENT, 47, 5),
    ("glacier@example.org", hospitals.GLACIER, State.POSITION, 30, 22),
    ("everglade@example.org", hospitals.EVERGLADE, State.FUNDING, 16, 8),
    ("hudson@example.org", hospitals.HUDSON, State.ENDED, 340, 27),
)
# The same of registrations that went on: without an answer for too long, sent a second time, returned.
REGISTRATIONS: tuple[tuple[str, Hospital, tuple[str, ...], int, int], ...] = (
    ("cedar@example.org", hospitals.CEDAR, registration.SENT, 120, 46),
    ("mesquite@example.org", hospitals.MESQUITE, registration.SENT_AGAIN, 140, 12),
    ("buckeye@example.org", hospitals.BUCKEYE, registration.RETURNED, 100, 8),
)
# More partners, so that the public list has some to show: began and rested as above.
PARTNERS: tuple[tuple[str, Hospital, int, int], ...] = (
    ("bluebonnet@example.org", partners.BLUEBONNET, 210, 130),
    ("tidewater@example.org", partners.TIDEWATER, 250, 160),
    ("mesa@example.org", partners.MESA, 140, 61),
)
CANDIDATES = (
    ("Jordan Ellis", "jordan@example.org", "55811", True),
    ("Mei-Ling Chau", "mei@example.org", "55407", True),
    ("Rafael Ortega", "rafael@example.org", "94601", True),
    ("Siobhán O'Neill", "siobhan@example.org", "01602", True),
    ("DeShawn Carter", "deshawn@example.org", "50314", True),
    ("Anaïs Dubois", "anais@example.org", "70503", True),
    ("Tom Yazzie", "tom@example.org", "86004", True),
    ("Kai Akana", "kai@example.org", "96744", False),
    ("Nadia Petrova", "nadia@example.org", "19104", True),
    ("Luis Rivera", "luis@example.org", "00918", True),
)


class Command(BaseCommand):
    """Make the demo, once."""

    help = "Fill a database with sample employers in every state, candidates, papers and mail. Needs DEBUG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let `make run` skip a database that has data."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if there is an employer already"
        )

    def handle(self, *args: Any, if_empty: bool = False, **options: Any) -> None:
        """Make staff, employers and candidates. The worker makes the papers and sends the mail."""
        if not settings.DEBUG:
            raise CommandError("The demo has public passwords, so it runs with DEBUG=1 only.")
        if Employer.objects.exists():
            if if_empty:
                return
            raise CommandError(
                "This database has employers already. Remove var/portal.sqlite3 to start anew."
            )
        _publish()
        reviewer = _person("reviewer@example.org", "Rosalind Meyer", staff=REVIEWERS)
        manager = _person("manager@example.org", "Terrence Blake", staff=MANAGERS)
        for email, hospital, state, began, rested in EMPLOYERS:
            owner = _person(email, hospital.owner)
            PastJourney(hospital, owner, reviewer, manager, began=began, rested=rested).to(state)
        owner = _person("riverbend@example.org", hospitals.RIVERBEND.owner)
        amending = PastJourney(hospitals.RIVERBEND, owner, reviewer, manager, began=210, rested=120)
        amending.to(State.ACTIVE)
        propose(amending)
        for email, hospital, moves, began, rested in REGISTRATIONS:
            owner = _person(email, hospital.owner)
            PastJourney(hospital, owner, reviewer, manager, began=began, rested=rested).make(moves)
        for email, hospital, began, rested in PARTNERS:
            owner = _person(email, hospital.owner)
            PastJourney(hospital, owner, reviewer, manager, began=began, rested=rested).to(State.ACTIVE)
        hand_to_worker_now()
        _colleagues()
        logos.show_partners(reviewer)
        question_pack.order_current()
        candidates = _candidates()
        _openings()
        _staff_work()
        self.stdout.write(
            f"Made {Employer.objects.count()} sample employers and {candidates} sample candidates."
        )


def _publish() -> None:
    """Let AAMI have published its papers and the agreement's text before anybody began."""
    moment = timezone.now() - PUBLISHED
    with time_machine.travel(moment):
        create_sample_documents()
    AgreementTemplate.objects.update(published_at=moment)
    ConsentText.objects.update(published_at=moment)


def _person(email: str, name: str, staff: str = "") -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, is_staff=bool(staff))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if staff:
        user.groups.add(Group.objects.get(name=staff))
    return user


def _colleagues() -> None:
    """Give the first employer an editor and a viewer, so that working together can be tried."""
    employer = Employer.objects.get(legal_name=hospitals.LAKESIDE.name)
    for email, name, role in (
        ("editor@example.org", "Priscilla Vang", Role.EDITOR),
        ("viewer@example.org", "Walter Lindqvist", Role.VIEWER),
    ):
        Membership.objects.create(employer=employer, user=_person(email, name), role=role)


def _candidates() -> int:
    """Make the candidates with names of their own, and one or two in every sample town, who joined over weeks.

    Returns how many.
    """
    consent, age = ConsentText.objects.current(), Program.objects.current().minimum_age
    assert consent
    dice, now = random.Random(5), timezone.now()
    towns = [
        (*samples.person(number * 7), zip_code, True) for number, zip_code in enumerate(samples.TOWNS * 2)
    ]
    people = [*CANDIDATES, *towns]
    moments = sorted(now - dt.timedelta(days=dice.uniform(0, 75)) for _person in people)
    dice.shuffle(people)
    for (name, email, zip_code, is_confirmed), moment in zip(people, moments, strict=True):
        place = place_of(zip_code)
        assert place, zip_code
        profile = samples.profile(dice)
        answers = interest.Answers(
            name=name, email=email, place=place, asked_age=age, consent=consent, profile=profile
        )
        with time_machine.travel(moment if is_confirmed else now):
            interest.express(answers)
            if is_confirmed:
                # Their confirmation mail is not worth sending any more.
                Notification.objects.filter(recipient=email, status=Status.PENDING).delete()
                interest.confirm(Candidate.objects.get(email=email))
    # Nobody reads the mail of the many.
    Notification.objects.filter(
        recipient__in=[email for _name, email, *_rest in towns], status=Status.PENDING
    ).delete()
    return len(people)


def _staff_work() -> None:
    """Let a manager have invited the people of an older list, and deleted somebody who asked for it."""
    manager = User.objects.get(email="manager@example.org")
    people = [
        (*samples.person(number * 11 + 5), zip_code) for number, zip_code in enumerate(samples.TOWNS[:12])
    ]
    rows = [f"{name},invited.{email},{zip_code}" for name, email, zip_code in people]
    table = "\n".join(["name,email,zip_code", *rows])
    people_table.store(table, fingerprint=people_table.plan(table).fingerprint, by=manager)
    delete_on_request(Candidate.objects.get(email="tom@example.org"), by=manager, tell=True)


def _openings() -> None:
    """Let the active partner have opened a few people near it."""
    owner = User.objects.get(email="partner@example.org")
    employer = Employer.objects.get(memberships__user=owner)
    near = Filters(origin=employer.sites.all()[0].zip_code[:5], miles=250)
    notes = (("interviewing", "Visits the shop on Tuesday."), ("contacted", "Left a message."), ("new", ""))
    for row, (mark, note) in zip(find(near).rows, notes, strict=False):
        opened = opening.open_details(row.candidate.pk, employer, Purpose.OPENING, by=owner)
        opening.note_progress(employer, opened.candidate, mark=mark, note=note, by=owner)
