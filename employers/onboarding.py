"""The eight steps and the moves between them: the only place where either is listed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise


class State(TextChoices):
    """Where an onboarding is."""

    GET_STARTED = "get_started", _("Getting started")
    STANDARDS = "standards", _("Reviewing the standards")
    POSITION = "position", _("Ensuring a position")
    FUNDING = "funding", _("Securing funding")
    MENTOR = "mentor", _("Appointing a mentor")
    AGREEMENT = "agreement", _("Setting wages and signing")
    SUBMISSION = "submission", _("Ready to submit")
    REVIEW = "review", _("In review at AAMI")
    CHANGES = "changes", _("Changes requested")
    REGISTRATION = "registration", _("Being registered with the DOL")
    ACTIVE = "active", _("Active partner")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Declined")
    ENDED = "ended", _("Ended")


class Actor(Enum):
    """Who may make a move."""

    EDITOR = "editor"
    OWNER = "owner"
    SIGNATORY = "signatory"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    SYSTEM = "system"


class Turn(TextChoices):
    """Who has to act next."""

    EMPLOYER = "employer", _("your turn")
    AAMI = "aami", _("AAMI's turn")
    AGENCY = "agency", _("with AAMI and the Department of Labor")
    NOBODY = "nobody", _("nothing to do")


class Part(TextChoices):
    """A part of the application that is edited, versioned and flagged on its own."""

    PROFILE = "profile", _("Organization and sites")
    STANDARDS = "standards", _("Program documents")
    POSITION = "position", _("Positions")
    FUNDING = "funding", _("Funding")
    MENTOR = "mentor", _("Mentors")
    WAGES = "wages", _("Wage schedule")
    AGREEMENT = "agreement", _("Employer Agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the eight steps that people see."""

    number: int
    slug: str
    title: Text
    summary: Text
    states: Mapping[State, Turn]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One move that the machine allows."""

    name: str
    sources: tuple[State, ...]
    target: State
    actor: Actor
    label: Text
    happened: Text
    email: str = ""
    staff_email: str = ""
    permission: str = ""
    completes: tuple[Part, ...] = ()
    staff_papers: tuple[str, ...] = ()
    employer_papers: tuple[str, ...] = ()
    needs_reason: bool = False
    holds: Text = ""

    @property
    def walked(self) -> "Edge":
        """The move as it is told when the portal makes it because the step holds: nobody signed anything just then."""
        if not self.holds:
            return self
        return replace(self, happened=self.holds, email="step_completed", employer_papers=())


S, P = State, Part

STEPS: tuple[Step, ...] = (
    Step(
        number=1, slug="get-started", states={S.GET_STARTED: Turn.EMPLOYER}, parts=(P.PROFILE,),
        title=_("Get started"), summary=_("Tell us about your organization and its sites."),
    ),
    Step(
        number=2, slug="standards", states={S.STANDARDS: Turn.EMPLOYER}, parts=(P.STANDARDS,),
        title=_("Review the standards"), summary=_("Read the National Standards and Training Objectives."),
    ),
    Step(
        number=3, slug="position", states={S.POSITION: Turn.EMPLOYER}, parts=(P.POSITION,),
        title=_("Ensure a position"), summary=_("A new position, a vacancy, or a current trainee."),
    ),
    Step(
        number=4, slug="funding", states={S.FUNDING: Turn.EMPLOYER}, parts=(P.FUNDING,),
        title=_("Secure funding"), summary=_("Cover the cost of the required related instruction."),
    ),
    Step(
        number=5, slug="mentor", states={S.MENTOR: Turn.EMPLOYER}, parts=(P.MENTOR,),
        title=_("Appoint a mentor"), summary=_("Name the technician who will oversee training."),
    ),
    Step(
        number=6, slug="agreement", states={S.AGREEMENT: Turn.EMPLOYER}, parts=(P.WAGES, P.AGREEMENT),
        title=_("Set wages and sign"), summary=_("Build the wage schedule and sign the Employer Agreement."),
    ),
    Step(
        number=7, slug="approval",
        states={
            S.SUBMISSION: Turn.EMPLOYER, S.REVIEW: Turn.AAMI, S.CHANGES: Turn.EMPLOYER, S.REGISTRATION: Turn.AGENCY,
        },
        title=_("Get approved and registered"),
        summary=_("AAMI reviews, then registers you with the Department of Labor."),
    ),
    Step(
        number=8, slug="hiring", states={S.ACTIVE: Turn.EMPLOYER},
        title=_("Hire, enroll and train"), summary=_("Meet candidates near you and enroll your apprentices."),
    ),
)  # fmt: skip

_BEFORE_REVIEW = (S.GET_STARTED, S.STANDARDS, S.POSITION, S.FUNDING, S.MENTOR, S.AGREEMENT, S.SUBMISSION)
# Kinds of papers that a mail brings along.
_FOR_REVIEW = ("employer_agreement", "wage_schedule", "application_summary")

EDGES: tuple[Edge, ...] = (
    Edge(
        name="start", sources=(S.GET_STARTED,), target=S.STANDARDS, actor=Actor.EDITOR, completes=(P.PROFILE,),
        label=_("Complete step"), happened=_("Organization and sites completed"), email="step_completed",
    ),
    Edge(
        name="acknowledge_standards", sources=(S.STANDARDS,), target=S.POSITION, actor=Actor.EDITOR,
        completes=(P.STANDARDS,), label=_("Complete step"), happened=_("Program documents acknowledged"),
        email="step_completed",
    ),
    Edge(
        name="confirm_position", sources=(S.POSITION,), target=S.FUNDING, actor=Actor.EDITOR,
        completes=(P.POSITION,), label=_("Complete step"), happened=_("Position confirmed"), email="step_completed",
    ),
    Edge(
        name="secure_funding", sources=(S.FUNDING,), target=S.MENTOR, actor=Actor.EDITOR, completes=(P.FUNDING,),
        label=_("Complete step"), happened=_("Funding secured"), email="step_completed",
    ),
    Edge(
        name="appoint_mentor", sources=(S.MENTOR,), target=S.AGREEMENT, actor=Actor.EDITOR, completes=(P.MENTOR,),
        label=_("Complete step"), happened=_("Mentor appointed"), email="step_completed",
    ),
    Edge(
        name="sign_agreement", sources=(S.AGREEMENT,), target=S.SUBMISSION, actor=Actor.SIGNATORY,
        completes=(P.WAGES, P.AGREEMENT), label=_("Sign the agreement"),
        happened=_("Employer Agreement signed by the employer"),
        holds=_("Signature on the Employer Agreement still counts"), email="agreement_signed",
        employer_papers=("employer_agreement",),
    ),
    Edge(
        name="submit", sources=(S.SUBMISSION,), target=S.REVIEW, actor=Actor.OWNER, completes=tuple(Part),
        label=_("Submit to AAMI"), happened=_("Application submitted to AAMI"), email="submitted",
        staff_email="review_needed", staff_papers=_FOR_REVIEW,
    ),
    Edge(
        name="resubmit", sources=(S.CHANGES,), target=S.REVIEW, actor=Actor.OWNER, completes=tuple(Part),
        label=_("Submit again to AAMI"), happened=_("Application submitted again"), email="submitted",
        staff_email="review_needed_again", staff_papers=_FOR_REVIEW,
    ),
    Edge(
        name="approve", sources=(S.REVIEW,), target=S.REGISTRATION, actor=Actor.REVIEWER,
        permission="employers.countersign_agreement", label=_("Approve and countersign"),
        happened=_("Approved by AAMI"), email="approved", staff_email="countersigned",
        completes=tuple(Part), staff_papers=("final_agreement",), employer_papers=("final_agreement",),
    ),
    Edge(
        name="request_changes", sources=(S.REVIEW,), target=S.CHANGES, actor=Actor.REVIEWER,
        permission="employers.review_onboarding", label=_("Request changes"),
        happened=_("AAMI asked for changes"), email="changes_requested",
    ),
    Edge(
        name="decline", sources=(S.REVIEW,), target=S.DECLINED, actor=Actor.REVIEWER, needs_reason=True,
        permission="employers.review_onboarding", label=_("Decline"), happened=_("Application declined by AAMI"),
        email="declined",
    ),
    Edge(
        name="register", sources=(S.REGISTRATION,), target=S.ACTIVE, actor=Actor.REVIEWER,
        permission="employers.review_onboarding", label=_("Record DOL registration"),
        happened=_("Registered with the Department of Labor"), email="registered",
    ),
    Edge(
        name="return_by_agency", sources=(S.REGISTRATION,), target=S.CHANGES, actor=Actor.REVIEWER,
        needs_reason=True, permission="employers.review_onboarding", label=_("Returned by the agency"),
        happened=_("Returned by the registration agency"), email="returned_by_agency",
    ),
    Edge(
        name="withdraw", sources=(*_BEFORE_REVIEW, S.REVIEW, S.CHANGES), target=S.WITHDRAWN, actor=Actor.OWNER,
        needs_reason=True, label=_("Withdraw the application"), happened=_("Application withdrawn"),
        email="withdrawn", staff_email="withdrawn_by_employer",
    ),
    Edge(
        name="cancel_registration", sources=(S.REGISTRATION,), target=S.WITHDRAWN, actor=Actor.REVIEWER,
        needs_reason=True, permission="employers.review_onboarding", label=_("Cancel the registration"),
        happened=_("Registration canceled"), email="registration_canceled",
    ),
    Edge(
        name="suspend", sources=(S.ACTIVE,), target=S.SUSPENDED, actor=Actor.MANAGER, needs_reason=True,
        permission="employers.manage_onboarding", label=_("Suspend"), happened=_("Partnership suspended"),
        email="suspended",
    ),
    Edge(
        name="reinstate", sources=(S.SUSPENDED,), target=S.ACTIVE, actor=Actor.MANAGER, needs_reason=True,
        permission="employers.manage_onboarding", label=_("Reinstate"), happened=_("Partnership reinstated"),
        email="reinstated",
    ),
    Edge(
        name="end", sources=(S.ACTIVE, S.SUSPENDED), target=S.ENDED, actor=Actor.MANAGER, needs_reason=True,
        permission="employers.manage_onboarding", label=pgettext_lazy("button", "End the partnership"),
        happened=_("Partnership ended"), email="ended",
    ),
    Edge(
        name="reopen", sources=(S.WITHDRAWN,), target=S.GET_STARTED, actor=Actor.OWNER, needs_reason=True,
        label=_("Reopen the application"), happened=_("Application reopened"), email="reopened",
    ),
    Edge(
        name="reopen_declined", sources=(S.DECLINED,), target=S.GET_STARTED, actor=Actor.REVIEWER,
        needs_reason=True, permission="employers.review_onboarding", label=_("Reopen"),
        happened=_("Application reopened by AAMI"), email="reopened",
    ),
    Edge(
        name="step_back", sources=_BEFORE_REVIEW[1:], target=S.GET_STARTED, actor=Actor.SYSTEM,
        label=_("Look at earlier steps again"), happened=_("An earlier step needs another look"),
        email="step_back",
    ),
    Edge(
        name="reopen_agreement", sources=(S.SUBMISSION, S.CHANGES), target=S.AGREEMENT, actor=Actor.SYSTEM,
        label=_("Sign again"), happened=_("Agreement opened for a new signature"), email="agreement_reopened",
    ),
)  # fmt: skip

_WALKERS = (Actor.EDITOR, Actor.SIGNATORY)

STEP_BY_SLUG = {step.slug: step for step in STEPS}
STEP_BY_STATE = {state: step for step in STEPS for state in step.states}
STEP_BY_PART = {part: step for step in STEPS for part in step.parts}
EDGE_BY_NAME = {edge.name: edge for edge in EDGES}

# States in which the employer works towards a submission.
PREPARING = _BEFORE_REVIEW
# States in which nothing may be edited.
FROZEN = (S.REVIEW, S.REGISTRATION)
# States in which a case belongs to a reviewer.
UNDER_REVIEW = (S.REVIEW, S.CHANGES, S.REGISTRATION)
# States in which an agreement is lived by: what it prints changes by an amendment only.
LIVING = (S.ACTIVE, S.SUSPENDED)
# Parts of which the agreement prints nothing, or only some fields.
LIVING_PARTS = (P.PROFILE, P.POSITION, P.FUNDING, P.MENTOR)
# States that an employer reaches only after every step was done once.
AFTER_ACTIVE = (S.SUSPENDED, S.ENDED)


def turn_of(state: State) -> Turn:
    """Return who has to act next in a state."""
    step = STEP_BY_STATE.get(state)
    return step.states[state] if step else Turn.NOBODY


def leaving(state: State) -> Edge | None:
    """Return the move that completes the step in this state, for the states in which an employer completes one."""
    return next(
        (edge for edge in EDGES if edge.sources == (state,) and edge.completes and edge.actor in _WALKERS),
        None,
    )
