"""The mail that a move sends: to the employer's people, and to AAMI where it has to act."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse

from apprenticeship.accounts.models import User
from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.program.regions import region_of
from apprenticeship.records import mail
from employers.assignment import reviewer_of
from employers.models import Agreement, Onboarding, PaperScan, Registration, Signature
from employers.onboarding import STEP_BY_STATE, State, Text, Turn
from employers.papers import papers_of
from employers.permissions import EDITING, By, user_of
from employers.serving import reviewers_for

# The mail that brings a signatory without an account their copy, by the kind of paper.
COPIES = {kinds.AGREEMENT: "agreement_signed_copy", kinds.FINAL_AGREEMENT: "agreement_in_force"}


class Telling(Protocol):
    """A move that sends mail: an edge of the eight steps, or a move of an amendment."""

    @property
    def happened(self) -> Text: ...
    @property
    def email(self) -> str: ...
    @property
    def staff_email(self) -> str: ...
    @property
    def staff_papers(self) -> tuple[str, ...]: ...
    @property
    def employer_papers(self) -> tuple[str, ...]: ...


def send_for(
    onboarding: Onboarding,
    edges: Sequence[Telling],
    *,
    by: By,
    reason: str = "",
    letter: str = "",
    facts: Mapping[str, Any] | None = None,
    tells_staff: bool = True,
) -> None:
    """Queue the mail of one walk: one to each of the employer's people, and to staff if the first move says so.

    `letter` stands in for the first move's own mail to the employer. `facts` are more than an application's;
    "action_url" and "staff_url" among them lead elsewhere than to its pages.
    """
    first, more = edges[0], dict(facts or {})
    for edge in edges:
        if edge.staff_email and tells_staff:
            _tell_staff(onboarding, edge, by, reason, more)
    if not first.email:
        return
    is_by_hand = isinstance(by, PaperScan)  # who signed on paper has it; no paper shows that signature yet
    papers = [] if is_by_hand else _newest_papers(onboarding, first.employer_papers)
    facts = _facts(onboarding, by, reason) | {"happened": [str(edge.happened) for edge in edges]} | more
    people, name, about = employer_people(onboarding), letter or first.email, onboarding.employer
    for person in people:
        context = facts | {"person": person.get_short_name()}
        mail.send(name, person.email, context, user=person, about=about, attachments=papers)
    if papers:
        _send_copy_to_signer(onboarding, papers, {person.email.lower() for person in people})


def send_final(onboarding: Onboarding, paper: Document) -> None:
    """Queue the mail that brings the final paper to the employer's people and to the signatory, once more."""
    people, employer = employer_people(onboarding), onboarding.employer
    link = settings.SITE_URL + reverse("verify")
    agreement: Any = paper.subject
    facts = {"employer": str(employer), "called": agreement.called, "action_url": link}
    for person in people:
        context = facts | {"person": person.get_short_name()}
        mail.send(
            "agreement_in_force", person.email, context, user=person, about=employer, attachments=[paper]
        )
    _send_copy_to_signer(onboarding, [paper], {person.email.lower() for person in people})


def _send_copy_to_signer(onboarding: Onboarding, papers: Sequence[Document], known: set[str]) -> None:
    """Every party has what it signed, also a signatory without an account: at the address they signed with."""
    employer = onboarding.employer
    signatures = Signature.objects.filter(agreement__employer=employer, party=Signature.Party.EMPLOYER)
    signature = signatures.order_by("-agreement__version", "-signed_at").first()
    if signature is None or not signature.email or signature.email.lower() in known:
        return
    link = settings.SITE_URL + reverse("verify")
    facts = {"employer": str(employer), "called": signature.agreement.called, "action_url": link}
    context = facts | {"person": signature.name}
    mail.send(COPIES[papers[0].kind], signature.email, context, about=employer, attachments=papers)


def employer_people(onboarding: Onboarding) -> list[User]:
    """Return the owner and editors, who are told of every move."""
    rows = User.objects.filter(
        memberships__employer_id=onboarding.employer_id,
        memberships__is_active=True,
        memberships__role__in=EDITING,
        is_active=True,
    )
    return list(rows.order_by("pk"))


def reviewers(onboarding: Onboarding) -> list[User]:
    """Return the case's reviewer, or who reviews in its region while there is none; never the employer's own people."""
    employer = onboarding.employer
    members = set(employer.memberships.filter(is_active=True).values_list("user_id", flat=True))
    mine = reviewer_of(onboarding)
    if mine and mine.pk not in members:
        return [mine]
    return reviewers_for(region_of(employer.state), but=members)


def _tell_staff(onboarding: Onboarding, edge: Telling, by: By, reason: str, more: Mapping[str, Any]) -> None:
    papers = _newest_papers(onboarding, edge.staff_papers)
    path = reverse("admin:employers_onboarding_change", args=[onboarding.pk])
    own = {"action_url": more.get("staff_url", settings.SITE_URL + path)}
    facts = {**_facts(onboarding, by, reason), **more, **own}
    for person in reviewers(onboarding):
        context = facts | {"person": person.get_short_name()}
        about = onboarding.employer
        mail.send(edge.staff_email, person.email, context, user=person, about=about, attachments=papers)


def _newest_papers(onboarding: Onboarding, kinds: Sequence[str]) -> list[Document]:
    """Return the newest paper of each kind; papers of agreements that ended are not among them."""
    if not kinds:
        return []
    ended = Agreement.objects.filter(employer=onboarding.employer).exclude(pk__in=Agreement.objects.current())
    papers = papers_of(onboarding.employer).filter(kind__in=kinds)
    newest: dict[str, Document] = {}
    for paper in papers.exclude(subject_id__in=[str(pk) for pk in ended.values_list("pk", flat=True)]):
        newest.setdefault(paper.kind, paper)
    return list(newest.values())


def _facts(onboarding: Onboarding, by: By, reason: str) -> dict[str, Any]:
    step = onboarding.step
    return {
        "employer": str(onboarding.employer),
        "state": str(onboarding.get_state_display()),
        "is_your_turn": onboarding.turn == Turn.EMPLOYER,
        "turn": str(onboarding.turn.label),
        "step_number": step.number if step else None,
        "step_title": str(step.title) if step else "",
        "by": str(user_of(by) or by or ""),
        "reason": reason,
        "action_url": settings.SITE_URL + reverse("employers:tasks"),
        **_requested(onboarding, reason),
        **_registered(onboarding),
    }


def _registered(onboarding: Onboarding) -> dict[str, str]:
    """Return the program number of an active case and the address of its step, which its mail offers to open."""
    if onboarding.state != State.ACTIVE:
        return {}
    rows = Registration.objects.filter(onboarding=onboarding)
    number = rows.values_list("program_number", flat=True).first() or ""
    step = reverse("employers:step", args=[STEP_BY_STATE[State.ACTIVE].slug])
    return {"program_number": number, "action_url": settings.SITE_URL + step}


def _requested(onboarding: Onboarding, reason: str) -> dict[str, Any]:
    """Return what the open change request asks, part by part, while the employer has to answer; no reason twice."""
    request = None
    if onboarding.state == State.CHANGES:
        request = onboarding.change_requests.filter(closed_at=None).first()
    rows = request.flagged_parts.all() if request else ()
    return {
        "message": request.message if request and request.message != reason else "",
        "flagged": [{"part": str(row.get_part_display()), "note": row.asked} for row in rows],
    }
