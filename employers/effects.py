"""What a move brings with it, beyond the state: submissions, papers, agreements, requests."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.program.models import Program
from employers import amending, final_paper, papers, previews, registering, signing
from employers.application import Application
from employers.completeness import Gap
from employers.judging import judged
from employers.models import ChangeRequest, Onboarding, RegistrationAttempt, Submission
from employers.onboarding import Edge, Part
from employers.summary import answers_as_data, sha256_of


def apply(edge: Edge, onboarding: Onboarding, *, by: User | None, reason: str) -> None:
    """Do what belongs to a move, in its transaction."""
    effect = EFFECTS.get(edge.name)
    if effect:
        effect(onboarding, by, reason)


def unanswered(request: ChangeRequest) -> list[Gap]:
    """Return one gap for each flagged part that the employer has not answered."""
    return [
        Gap(Part(row.part), f"answer-{row.part}", _("Answer AAMI's note about: %(part)s.") % {"part": row})
        for row in request.flagged_parts.all()
        if not row.answer
    ]


def _keep_cost(onboarding: Onboarding, by: User | None, reason: str) -> None:
    onboarding.cost_when_funded = Program.objects.current().related_instruction_cost
    onboarding.save(update_fields=["cost_when_funded"])


def _store_submission(onboarding: Onboarding, by: User | None, reason: str) -> None:
    application = Application(onboarding)
    answers = answers_as_data(application)
    submission = Submission.objects.create(
        onboarding=onboarding,
        number=onboarding.submissions.count() + 1,
        answers=answers,
        checks=judged(application),
        sha256=sha256_of(answers),
        submitted_by=by,
    )
    _close_request(onboarding, by, reason)
    papers.order_summary(application, submission, by=by)


def _close_request(onboarding: Onboarding, by: User | None, reason: str) -> None:
    onboarding.change_requests.filter(closed_at=None).update(closed_at=timezone.now())


def _order_signed_papers(onboarding: Onboarding, by: User | None, reason: str) -> None:
    application = Application(onboarding)
    if application.agreement:
        papers.order_agreement(application.agreement, by=by)
        papers.order_wage_schedule(application, application.agreement, by=by)


def _put_in_force(onboarding: Onboarding, by: User | None, reason: str) -> None:
    application = Application(onboarding)
    if application.signed_agreement:
        signing.put_in_force(application.signed_agreement)
        final_paper.order_final(application, application.signed_agreement, by=by)


def _approve(onboarding: Onboarding, by: User | None, reason: str) -> None:
    _put_in_force(onboarding, by, reason)
    registering.begin(onboarding, by=by)


def _register(onboarding: Onboarding, by: User | None, reason: str) -> None:
    registering.end(onboarding, RegistrationAttempt.Status.REGISTERED, by=by)


def _return(onboarding: Onboarding, by: User | None, reason: str) -> None:
    registering.end(onboarding, RegistrationAttempt.Status.RETURNED, by=by, reason=reason)


def _cancel(onboarding: Onboarding, by: User | None, reason: str) -> None:
    registering.end(onboarding, RegistrationAttempt.Status.STOPPED, by=by, reason=reason)
    _stop(onboarding, by, reason)


def _stop(onboarding: Onboarding, by: User | None, reason: str) -> None:
    _close_request(onboarding, by, reason)
    agreement = Application(onboarding).agreement
    signing.revoke_links(onboarding.employer, by=by)
    previews.revoke_all(onboarding.employer, by=by)
    if agreement:
        signing.void(agreement, by=by, reason=reason or _("The application was stopped"))


def _end(onboarding: Onboarding, by: User | None, reason: str) -> None:
    amending.close_open(onboarding, by=by, reason=reason)
    agreement = Application(onboarding).agreement_in_force
    if agreement:
        signing.end_with_partnership(agreement)


EFFECTS: dict[str, Callable[[Onboarding, User | None, str], None]] = {
    "secure_funding": _keep_cost,
    "sign_agreement": _order_signed_papers,
    "submit": _store_submission,
    "resubmit": _store_submission,
    "approve": _approve,
    "register": _register,
    "return_by_agency": _return,
    "withdraw": _stop,
    "decline": _stop,
    "cancel_registration": _cancel,
    "end": _end,
}
