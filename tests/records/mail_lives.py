"""Lives of sample employers, candidates and accounts in which every mail of the portal is sent at least once."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import cast

import time_machine
from allauth import account, mfa
from allauth.mfa.models import Authenticator
from django.utils import timezone

from apprentices import announcing, deleting, interest, keeping, links, own, people_table, weekly
from apprentices.choices import Purpose
from apprentices.models import Candidate, ConsentText, Disclosure, InvitationList, WeeklySearch
from apprentices.places import place_of
from apprenticeship.accounts import lost_factor
from apprenticeship.accounts.adapter import AccountAdapter
from apprenticeship.accounts.models import User
from apprenticeship.program.admin.publishing import publish, renew
from apprenticeship.program.audience import Audience
from apprenticeship.program.models import MinimumWage, ProgramDocument
from apprenticeship.records import queues
from employers import (
    amending,
    assignment,
    codes,
    conversation,
    desk,
    drafting,
    logo_cards,
    look_alikes,
    paper_path,
    people,
    registering,
    reminders,
    signatory,
    signing,
)
from employers.after_signing import go_on
from employers.amended import Amended, case_of
from employers.editing import save_part
from employers.models import Amendment, Employer, LogoCard, Onboarding, Role, Signature
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from employers.scans import Scan
from employers.transitions import advance
from tests.apprentices.people import candidate as somebody
from tests.people import person

REASON = "Our budget for the next year is not decided, and nobody here can say when it will be. " * 4
# Mails of allauth that the portal words itself under another name, or can never send.
OWN_WORDS = {
    "email_confirmation",
    "email_confirmation_signup",
    "password_reset_key",
    "password_reset_code",
    "login_code",
}


def version(onboarding: Onboarding, part: Part) -> int:
    return int(onboarding.part_versions.get(part=part).version)


def to_the_end(journey: Journey) -> None:
    onboarding, manager = journey.to(State.ACTIVE), journey.manager
    desk.suspend(onboarding, by=manager, reason=REASON)
    desk.reinstate(onboarding, by=manager, reason=REASON)
    desk.end(onboarding, by=manager, reason=REASON)


def changed_declined_reopened(journey: Journey) -> None:
    onboarding = journey.to(State.CHANGES)
    onboarding.change_requests.get().flagged_parts.update(answer="Done.")
    advance(onboarding, "resubmit", by=journey.owner)
    desk.decline(onboarding, by=journey.reviewer, reason=REASON)
    desk.reopen_declined(onboarding, by=journey.reviewer, reason=REASON)


def returned(journey: Journey) -> None:
    notes = {Part.FUNDING: REASON, Part.PROFILE: "Short."}
    onboarding = journey.to(State.REGISTRATION)
    journey.send()
    today = timezone.now().date()
    for day in (today, None):
        registering.correct(onboarding, by=journey.reviewer, reason=REASON, sent_on=day)
    journey.send()
    desk.return_by_agency(onboarding, by=journey.reviewer, reason=REASON, notes=notes)


def handed_over(journey: Journey) -> None:
    onboarding, manager = journey.to(State.REVIEW), journey.manager
    assignment.reassign(onboarding, journey.reviewer, by=manager, seen=None)
    twin = people.found_employer(person("twin@example.org", "Theodora Twin"), onboarding.employer.legal_name)
    assert look_alikes.ask_for_invitation(twin, by=twin.employer.memberships.get().user)
    conversation.ask_employer(onboarding, REASON, by=journey.reviewer, key=uuid.uuid4())
    conversation.answer_desk(onboarding, REASON, by=journey.owner, key=uuid.uuid4())


def canceled(journey: Journey) -> None:
    desk.cancel_registration(journey.to(State.REGISTRATION), by=journey.reviewer, reason=REASON)


def stepped_back(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)

    def halve(row: Onboarding) -> None:
        row.employer.funding_sources.update(amount=Decimal("1.00"))

    save_part(onboarding, Part.FUNDING, halve, version=version(onboarding, Part.FUNDING), by=journey.owner)


def renamed_and_withdrawn(journey: Journey) -> None:
    onboarding = journey.to(State.SUBMISSION)

    def rename(row: Onboarding) -> None:
        row.employer.legal_name = "Lakeside & Superior <Regional> O'Neill Health"
        row.employer.save()

    number = version(onboarding, Part.PROFILE)
    save_part(onboarding, Part.PROFILE, rename, version=number, by=journey.owner, voids_signature=True)
    withdrawn = journey.onboarding = Onboarding.objects.get(pk=onboarding.pk)
    advance(withdrawn, "withdraw", by=journey.owner, reason=REASON)
    people.invite(withdrawn.employer, "casey@example.org", Role.EDITOR, by=journey.owner)


def signed_by_link(journey: Journey) -> None:
    """A signatory without an account asks, forwards, declines; the one after signs."""
    onboarding = journey.to(State.AGREEMENT)
    journey.build_wages()
    journey.save(Part.AGREEMENT, journey._signatory)
    link = signatory.send_link(onboarding, by=journey.owner)
    signatory.ask(link, REASON)
    link = signatory.forward(link, name="Priya Stone", title="General Counsel", email="priya@example.org")
    signatory.remind(link)
    signatory.decline(link, REASON)
    link = signatory.send_link(onboarding, by=journey.owner)
    typed = {"full_name": link.name, "title": link.title, "sha256": link.agreement.sha256}
    code = codes.issue(link.agreement, link) or ""
    signatory.sign_by_link(link, typed=typed, code=code, ip="192.0.2.1", browser="test")
    journey.submit()
    journey.approve()


def in_review_and_withdrawn(journey: Journey) -> None:
    advance(journey.to(State.REVIEW), "withdraw", by=journey.owner, reason=REASON)


def candidates(partner: Onboarding) -> None:
    consent, place = ConsentText.objects.current(), place_of("55805")
    assert consent
    assert place
    answers = interest.Answers(
        name="Sam Reyes", email="sam@example.org", place=place, asked_age=16, consent=consent
    )
    interest.express(answers)
    candidate = Candidate.objects.get()
    interest.confirm(candidate)
    interest.express(answers)
    for days, act in ((80, keeping.ask_again), (91, keeping.hide_silent), (352, keeping.give_notice)):
        Candidate.objects.update(heard_at=timezone.now() - dt.timedelta(days=days))
        assert act() == 1
    own.stay(candidate)
    for number, employer in enumerate(Employer.objects.all()[:2]):
        Disclosure.objects.create(employer=employer, candidate=candidate, purpose=Purpose.values[number])
    assert keeping.tell_who_looked() == 1
    follower = partner.employer.memberships.get()
    week = timezone.now() - dt.timedelta(days=100)
    WeeklySearch.objects.create(user=follower.user, employer=follower.employer, counted_at=week)
    assert weekly.tell_matches() == 1
    Candidate.objects.update(wants_openings=True, moving="anywhere")
    assert announcing.announce() == 1
    own.change(candidate, dataclasses.replace(answers, email="reyes@example.org"))
    links.email_path(str(candidate.pk))
    assert own.take_new_email(Candidate.objects.get())
    table = "name,email\nRobin Vega,vega@example.org\n"
    people_table.store(table, fingerprint=people_table.plan(table).fingerprint, by=follower.user)
    queues.work("invitation_lists", InvitationList.objects.get().pk)
    assert deleting.delete_on_request(somebody("Del"), by=follower.user, tell=True)


def allauth_mails() -> set[str]:
    """Return the names of every mail that allauth can send here."""
    found = set()
    for package in (account, mfa):
        for path in (
            Path(cast(str, package.__file__))
            .parents[1]
            .glob(f"templates/{package.__name__.split('.')[1]}/email/*_subject.txt")
        ):
            found.add(path.name.removesuffix("_subject.txt"))
    return found


def accounts(owner: User) -> None:
    adapter = AccountAdapter()
    for name in sorted(allauth_mails() - OWN_WORDS):
        adapter.send_mail(f"account/email/{name}", owner.email, {"user": owner})
    adapter.send_password_reset_mail(owner, owner.email, {})
    address = owner.emailaddress_set.get()
    for by in (None, person("superuser@example.org", "Sue Per")):
        Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={})
        if by is not None:
            User.objects.filter(pk=by.pk).update(is_staff=True, is_superuser=True)
            by.refresh_from_db()
        lost_factor.remove(owner, by=by)
    adapter.send_confirmation_mail(None, type("Confirmation", (), {"email_address": address}), signup=True)


def signed_on_paper(journey: Journey) -> None:
    onboarding, scan = journey.to(State.AGREEMENT), Scan(b"%PDF-1.7 scan", "application/pdf", 1)
    journey.build_wages()
    journey.save(Part.AGREEMENT, journey._signatory)
    onboarding = Onboarding.objects.get(pk=onboarding.pk)
    paper_path.present(onboarding, by=journey.owner)
    sha256 = onboarding.employer.agreements.get().sha256
    row = paper_path.upload(onboarding, scan, sha256=sha256, note="", by=journey.owner)
    advance(Onboarding.objects.get(pk=onboarding.pk), "submit", by=journey.owner)
    paper_path.reject(row, by=journey.reviewer, reason=REASON)


def amended(journey: Journey) -> None:
    """Amendments signed in every way, sent back, taken back, declined, withdrawn, countersigned."""
    journey.to(State.ACTIVE)
    by, owner = journey.reviewer, journey.owner

    def signed() -> Amendment:
        amendment, onboarding = drafted(journey)
        agreement = signing.present(onboarding, by=owner)
        signing.sign(
            agreement, Signature.Party.EMPLOYER, by=owner, name=owner.name, title="CEO",
            sha256=agreement.sha256, ip=None, browser="test", known=signing.Identity(method=Signature.Method.CODE),
        )  # fmt: skip
        go_on(case_of(onboarding), by=owner)
        return amendment

    amending.send_back(signed(), by=by, reason=REASON)
    amending.take_back(signed(), by=owner, reason=REASON)
    amending.decline(signed(), by=by, reason=REASON)
    amending.withdraw(signed(), by=owner, reason=REASON)
    _amendment, onboarding = drafted(journey)
    paper_path.present(onboarding, by=owner)
    sha256 = onboarding.employer.agreements.latest("version").sha256
    scan = paper_path.upload(
        onboarding, Scan(b"%PDF-1.7 scan", "application/pdf", 1), sha256=sha256, note="", by=owner
    )
    paper_path.reject(scan, by=by, reason=REASON)
    amendment = signed()
    amending.countersign(
        amendment, by=by, title="Director", typed_name=by.name, ip=None, browser="test",
        sha256=amendment.agreements.latest("version").sha256,
    )  # fmt: skip


def shown_in_public(journey: Journey) -> None:
    """Entries for the public pages: one approved and taken off later, one refused."""
    onboarding = journey.to(State.ACTIVE)
    for name, decide in (("First", logo_cards.approve), ("Second", logo_cards.refuse)):
        opened = logo_cards.newest(onboarding)
        answers = logo_cards.Answers(display_name=name)
        card = logo_cards.save(onboarding, answers, opened=str(opened.pk) if opened else "", by=journey.owner)
        logo_cards.send(onboarding, card, by=journey.owner)
        decide(card, by=journey.reviewer, **({"reason": REASON} if name == "Second" else {}))
    logo_cards.refuse(LogoCard.objects.approved().get(), by=journey.reviewer, reason=REASON)


def drafted(journey: Journey) -> tuple[Amendment, Onboarding]:
    """Start an amendment, or go on with the open one, and change the name."""
    onboarding = Onboarding.objects.select_related("employer").get(pk=journey.onboarding.pk)
    amendment = drafting.start(onboarding, by=journey.owner)
    case = case_of(onboarding)
    assert isinstance(case, Amended)

    def rename(case: Amended) -> None:
        case.amendment.proposal["employer"]["legal_name"] = "Lakeside & Superior <Regional> O'Neill Health"

    drafting.save(case, rename, version=amendment.version, by=journey.owner)
    return amendment, onboarding


def reminded(start: Callable[[], Journey]) -> None:
    """Nobody does anything for forty days; a new document is out, and a minimum wage rises ten days later."""
    for state in (State.POSITION, State.CHANGES, State.REVIEW, State.REGISTRATION, State.ACTIVE):
        start().to(state)
    waiting = start()
    waiting.to(State.REGISTRATION)
    waiting.send()
    journey = start()
    assignment.claim(journey.to(State.REVIEW), by=journey.reviewer)
    rise = dt.date.today() + dt.timedelta(days=50)
    MinimumWage.objects.create(
        jurisdiction="MN", rate=Decimal("22.00"), effective_from=rise, known_through=rise, source_name="Sample",
        verified_on=dt.date.today(),
    )  # fmt: skip
    draft = renew(ProgramDocument.objects.required()[0])
    publish(draft, Audience.EVERYBODY, by=journey.manager)
    for days in (1, 40):
        with time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=True):
            reminders.remind()
