"""Two people, or two tabs, at the same moment: no move twice, nothing typed lost, no seat or owner too many or few.

Real transactions on PostgreSQL, in threads with connections of their own.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_fsm import TransitionNotAllowed

from apprenticeship.accounts.models import User
from apprenticeship.documents.models import Document
from apprenticeship.records.events import first_broken, record
from apprenticeship.records.models import Event, Notification
from employers import codes, desk, people, signatory, signing
from employers.editing import Saved, StaleForm, save_part
from employers.models import (
    Agreement,
    Employer,
    Invitation,
    Membership,
    Onboarding,
    Role,
    Signature,
    Submission,
)
from employers.onboarding import Part, State
from employers.samples.journey import Journey
from employers.transitions import advance
from tests.people import browser, person
from tests.services.at_once import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

At = Callable[[State], Onboarding]
TIMES = range(3)  # each race is run so many times, as it may be won by luck


def verbs(employer: Employer) -> list[str]:
    """Return what happened to an employer, in order, and make sure that its chain is whole."""
    assert first_broken(employer.chain) is None
    return list(Event.objects.filter(chain=employer.chain).values_list("verb", flat=True))


def mails(name: str) -> int:
    return int(Notification.objects.filter(name=name).count())


# Saving -------------------------------------------------------------------------------------------------------


def test_two_colleagues_save_the_same_part(at: At, owner: User, colleague: Callable[[Role], User]) -> None:
    onboarding, editor = at(State.GET_STARTED), colleague(Role.EDITOR)

    def save(name: str, by: User, version: int) -> Saved:
        def store(row: Onboarding) -> None:
            row.employer.contact_name = name
            row.employer.save()

        return save_part(onboarding, Part.PROFILE, store, version=version, by=by)

    for round_number in TIMES:
        results = at_once(
            lambda n=round_number: save("Dana's text", owner, n),
            lambda n=round_number: save("Casey's text", editor, n),
        )
        assert sorted(type(result) for result in results if not isinstance(result, Saved)) == [StaleForm]
        winner = ["Dana's text", "Casey's text"][
            [isinstance(result, Saved) for result in results].index(True)
        ]
        employer = Employer.objects.get()
        assert employer.contact_name == winner
        row = onboarding.part_versions.get(part=Part.PROFILE)
        assert (row.version, row.saved_by) == (round_number + 1, owner if winner == "Dana's text" else editor)
        assert verbs(employer).count("part_saved") == round_number + 1


def test_loser_of_two_saves_finds_both_texts_on_the_page(
    at: At, owner: User, colleague: Callable[[Role], User]
) -> None:
    at(State.AGREEMENT)
    tabs = [browser(owner), browser(owner)]
    url = reverse("employers:step", args=["agreement"])
    version = tabs[0].get(url).context["version"]
    names = ["Dana Whitfield", "Robin Castellano"]

    def post(tab: Client, name: str) -> Any:
        return tab.post(
            url,
            {
                "signatory_name": name,
                "signatory_title": "CHRO",
                "signatory_email": owner.email,
                "version": version,
            },
        )

    answers = at_once(
        *(lambda tab=tab, name=name: post(tab, name) for tab, name in zip(tabs, names, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    lost = [answer.status_code for answer in answers].index(409)
    onboarding = Onboarding.objects.get()
    assert onboarding.signatory_name == names[1 - lost]
    (difference,) = answers[lost].context["differences"]
    assert (difference.yours, difference.newer) == (names[lost], names[1 - lost])


# Moves --------------------------------------------------------------------------------------------------------


def test_two_submits_make_one_submission(at: At, owner: User) -> None:
    onboarding = at(State.SUBMISSION)
    results = at_once(*[lambda: advance(onboarding, "submit", by=owner)] * 3)
    assert sorted(type(result).__name__ for result in results) == [
        "Onboarding",
        "TransitionNotAllowed",
        "TransitionNotAllowed",
    ]
    assert (Submission.objects.count(), Document.objects.filter(kind="application_summary").count()) == (1, 1)
    assert (mails("submitted"), mails("review_needed"), verbs(onboarding.employer).count("submit")) == (
        1,
        2,
        1,
    )


def test_double_click_on_submit_says_it_was_submitted_already(at: At, owner: User) -> None:
    at(State.SUBMISSION)
    url = reverse("employers:step", args=["approval"])
    tabs = [browser(owner), browser(owner)]
    answers = at_once(*(lambda tab=tab: tab.post(url, {"action": "submit"}) for tab in tabs))
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, url)] * 2
    said = sorted(str(message) for tab in tabs for message in tab.get(url).context["messages"])
    assert said == ["Submitted. AAMI has it now; you hear from us by mail.", "This was submitted already."]
    assert (Submission.objects.count(), mails("submitted"), mails("review_needed")) == (1, 1, 2)


def test_approve_and_withdraw_at_once_one_of_them_happens(
    journey: Journey, owner: User, reviewer: User
) -> None:
    onboarding = journey.to(State.REVIEW)
    approve = journey.approve

    def withdraw() -> Onboarding:
        return advance(onboarding, "withdraw", by=owner, reason="Budget")

    approved, withdrawn = at_once(approve, withdraw)
    onboarding = Onboarding.objects.get()
    agreement = Agreement.objects.get()
    signed_by = [signature.party for signature in agreement.signatures.all()]
    happened = [verb for verb in verbs(onboarding.employer) if verb in ("approve", "withdraw")]
    outcome = (onboarding.state, agreement.status, signed_by, happened, mails("approved"), mails("withdrawn"))
    if approved is None:
        assert isinstance(withdrawn, TransitionNotAllowed)
        assert outcome == ("registration", "in_force", ["employer", "sponsor"], ["approve"], 1, 0)
    else:
        assert (isinstance(approved, TransitionNotAllowed), withdrawn.state) == (True, "withdrawn")
        assert outcome == ("withdrawn", "void", ["employer"], ["withdraw"], 0, 1)


def test_two_reviewers_approve_at_once(journey: Journey, reviewer: User, manager: User) -> None:
    onboarding = journey.to(State.REVIEW)
    sha256 = Agreement.objects.get().sha256

    def approve(by: User) -> Onboarding:
        return desk.approve(
            onboarding,
            by=by,
            title="Director",
            typed_name=by.name,
            sha256=sha256,
            ip="192.0.2.2",
            browser="test",
        )

    results = at_once(lambda: approve(reviewer), lambda: approve(manager))
    assert sorted(type(result).__name__ for result in results) == ["Onboarding", "TransitionNotAllowed"]
    winner = (reviewer, manager)[[isinstance(result, Onboarding) for result in results].index(True)]
    onboarding.refresh_from_db()
    assert (onboarding.state, onboarding.reviewer) == ("registration", winner)
    assert [row.user for row in Signature.objects.filter(party="sponsor")] == [winner]
    assert (mails("approved"), verbs(onboarding.employer).count("approve")) == (1, 1)


def test_double_click_on_sign_signs_once(journey: Journey, owner: User) -> None:
    journey.to(State.AGREEMENT)
    journey.build_wages()
    journey.save(Part.AGREEMENT, journey._signatory)
    agreement = signing.present(Onboarding.objects.get(), by=owner)
    url = reverse("employers:sign-last")
    typed = {
        "code": codes.issue(agreement, owner),
        "consent": "on",
        "has_authority": "on",
        "full_name": owner.name,
        "title": "CHRO",
        "sha256": agreement.sha256,
    }
    tabs = [browser(owner), browser(owner)]
    answers = at_once(*(lambda tab=tab: tab.post(url, typed) for tab in tabs))
    approval = reverse("employers:step", args=["approval"])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, approval)] * 2
    said = sorted(str(message) for tab in tabs for message in tab.get(approval).context["messages"])
    assert said == ["Signed. The papers are being prepared.", "This was signed already."]
    assert [row.party for row in Signature.objects.all()] == ["employer"]
    onboarding = Onboarding.objects.get()
    assert (onboarding.state, mails("agreement_signed")) == ("submission", 1)
    assert (
        verbs(onboarding.employer).count("agreement_signed"),
        verbs(onboarding.employer).count("sign_agreement"),
    ) == (1, 1)
    assert sorted(Document.objects.values_list("kind", flat=True)) == ["employer_agreement", "wage_schedule"]


def test_two_browsers_with_one_link_sign_once(journey: Journey, owner: User) -> None:
    """The signatory and somebody the mail was passed on to, each with the code, press the button at the same moment."""
    journey.to(State.AGREEMENT)
    journey.build_wages()
    Onboarding.objects.update(
        signatory_name="Chris Chief", signatory_title="CEO", signatory_email="chief@hospital.example"
    )
    link = signatory.send_link(Onboarding.objects.get(), by=owner)
    code = codes.issue(link.agreement, link) or ""
    typed = {"full_name": "Chris Chief", "title": "CEO", "sha256": link.agreement.sha256}

    def sign(ip: str) -> None:
        signatory.sign_by_link(link, typed=typed, code=code, ip=ip, browser="test")

    results = at_once(lambda: sign("192.0.2.1"), lambda: sign("192.0.2.2"), lambda: sign("192.0.2.3"))
    names = sorted(type(result).__name__ for result in results)
    assert names == ["LinkEnded", "LinkEnded", "NoneType"]
    assert Signature.objects.count() == 1
    assert mails("agreement_signed") == 1


def test_edit_and_signature_at_once_never_sign_another_text(journey: Journey, owner: User) -> None:
    journey.to(State.AGREEMENT)
    journey.build_wages()
    journey.save(Part.AGREEMENT, journey._signatory)
    agreement = signing.present(Onboarding.objects.get(), by=owner)
    code = codes.issue(agreement, owner) or ""
    typed = {"full_name": owner.name, "title": "CHRO", "sha256": agreement.sha256}

    def rename() -> None:
        def store(onboarding: Onboarding) -> None:
            onboarding.employer.legal_name = "Renamed, Inc."
            onboarding.employer.save()

        journey.save(Part.PROFILE, store)

    def sign() -> None:
        signatory.sign_in_portal(agreement, by=owner, typed=typed, code=code, ip="192.0.2.1", browser="test")

    at_once(rename, sign)
    name = Employer.objects.get().legal_name
    signed = Signature.objects.filter(party="employer").first()
    # Whoever was first: the text that is signed is the one that was shown, and it prints the name that is stored.
    if signed:
        assert signed.sha256 == agreement.sha256
        assert signed.agreement.terms["facts"]["employer"]["legal_name"] == name != "Renamed, Inc."
    else:
        assert (name, Agreement.objects.get(pk=agreement.pk).status) == ("Renamed, Inc.", "superseded")


# People -------------------------------------------------------------------------------------------------------


def invite(employer: Employer, email: str, by: User) -> Invitation:
    return people.invite(employer, email, Role.EDITOR, by=by)


def test_invitation_is_accepted_once(at: At, owner: User) -> None:
    employer, casey = at(State.GET_STARTED).employer, person("casey@example.org", "Casey")
    invitation = invite(employer, casey.email, owner)
    results = at_once(*[lambda: people.accept(invitation, casey)] * 3)
    assert sorted(type(result).__name__ for result in results) == ["Membership", "Refused", "Refused"]
    assert Membership.objects.filter(user=casey, is_active=True).count() == 1
    assert verbs(employer).count("colleague_joined") == 1


def test_one_person_accepts_two_invitations_at_once(at: At, owner: User, outsider: User) -> None:
    here, there = at(State.GET_STARTED).employer, people.found_employer(outsider, "Pine Ridge").employer
    casey = person("casey@example.org", "Casey")
    invitations = [invite(here, casey.email, owner), invite(there, casey.email, outsider)]
    results = at_once(*(lambda row=row: people.accept(row, casey) for row in invitations))
    assert sorted(type(result).__name__ for result in results) == ["Membership", "Refused"]
    seat = Membership.objects.get(user=casey, is_active=True)
    accepted = Invitation.objects.exclude(accepted_at=None).get()
    assert seat.employer == accepted.employer
    assert sorted([verbs(here).count("colleague_joined"), verbs(there).count("colleague_joined")]) == [0, 1]


def test_one_person_founds_two_employers_at_once(outsider: User) -> None:
    results = at_once(*(lambda name=name: people.found_employer(outsider, name) for name in ("One", "Two")))
    assert sorted(type(result).__name__ for result in results) == ["Onboarding", "Refused"]
    assert (Employer.objects.count(), Membership.objects.count(), mails("welcome")) == (1, 1, 1)


def test_address_is_invited_once(at: At, owner: User) -> None:
    employer = at(State.GET_STARTED).employer
    results = at_once(*[lambda: invite(employer, "casey@example.org", owner)] * 2)
    assert [type(result).__name__ for result in results] == ["Invitation", "Invitation"]
    assert (Invitation.objects.count(), mails("invitation"), verbs(employer).count("colleague_invited")) == (
        1,
        1,
        1,
    )


def test_two_owners_leave_at_once_one_stays(at: At, owner: User, colleague: Callable[[Role], User]) -> None:
    employer = at(State.GET_STARTED).employer
    second = colleague(Role.OWNER)
    for _time in TIMES:
        Membership.objects.update(is_active=True)
        seats = list(employer.memberships.filter(is_active=True))
        results = at_once(*(lambda seat=seat: people.remove(seat, by=seat.user) for seat in seats))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
        assert employer.memberships.filter(is_active=True, role=Role.OWNER).count() == 1
    assert verbs(employer).count("colleague_removed") == len(TIMES)
    assert {owner, second} == {seat.user for seat in employer.memberships.all()}


# Events -------------------------------------------------------------------------------------------------------


def test_events_appended_at_once_make_one_chain() -> None:
    def append(thread: int) -> None:
        for number in range(25):
            record("employer:new", "part_saved", by=None, data={"thread": thread, "number": number})

    assert at_once(*(lambda thread=thread: append(thread) for thread in range(8))) == [None] * 8
    stored = Event.objects.filter(chain="employer:new")
    assert list(stored.values_list("number", flat=True)) == list(range(1, 201))
    assert first_broken("employer:new") is None
