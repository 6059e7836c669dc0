"""Employers and their way to partnership."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployersConfig(AppConfig):
    """Employers, the eight steps, agreements and the review desk."""

    name = "employers"
    verbose_name = _("Employers")

    def ready(self) -> None:
        """Tell the shared rooms what they ask of employers: rows, papers, links, and who may see them."""
        from apprenticeship.program import audience
        from apprenticeship.records import details, grants, verbs
        from apprenticeship.records.history import name_actors
        from employers import checks, event_facts, history, new_versions, people, signatory, text_preview

        checks.register_checks()
        verbs.teach(history.says())
        name_actors(history.with_actors)
        details.teach(event_facts.facts())
        details.name_with(event_facts.with_names)
        audience.register(count=new_versions.count, progress=new_versions.progress, preview=text_preview)
        grants.register("invitation", people.mint_invitation_link)
        grants.register("signing", signatory.mint_signing_link)
        _prepare_papers()
        _verify_records()
        _open_program_papers()
        _open_employers_papers()


def _prepare_papers() -> None:
    """Draw what a paper shows when it is made."""
    from apprenticeship.documents import kinds
    from employers import papers

    kinds.prepare_with(kinds.WAGE_SCHEDULE, papers.draw_wages)
    kinds.prepare_with(kinds.FINAL_AGREEMENT, papers.draw_final)


def _verify_records() -> None:
    """Check these rows with the event log, and say at /verify/ where an agreement stands."""
    from apprenticeship.documents import verdicts
    from apprenticeship.records.verification import register
    from employers import standing, verification
    from employers.models import Agreement

    register("employers", verification.check_employers)
    register("agreements", verification.check_agreements)
    register("scans", verification.check_scans)
    register("moves", verification.check_moves)
    register("certificates of signature", verification.check_certificates)
    verdicts.register(Agreement, standing.standing_of)


def _open_program_papers() -> None:
    """Let staff see the papers of the program itself."""
    from apprenticeship.documents import access
    from apprenticeship.program.models import AgreementTemplate, Program
    from apprenticeship.records import events

    access.register(
        AgreementTemplate,
        lambda user, template: user.is_staff and user.has_perm("program.view_agreementtemplate"),
        lambda template: events.PROGRAM,
    )
    access.register(
        Program,
        lambda user, program: user.is_staff and user.has_perm("program.view_program"),
        lambda program: events.PROGRAM,
    )


def _open_employers_papers() -> None:
    """Let an employer's people and AAMI see its papers, and AAMI alone those for the registration agency."""
    from apprenticeship.documents import access
    from employers.models import Agreement, Employer, RegistrationAttempt
    from employers.permissions import may_see_papers

    access.register(Employer, may_see_papers, lambda employer: employer.chain)
    access.register(
        Agreement,
        lambda user, agreement: may_see_papers(user, agreement.employer),
        lambda agreement: agreement.employer.chain,
    )
    access.register(
        RegistrationAttempt,
        lambda user, attempt: user.is_staff and user.has_perm("employers.review_onboarding"),
        lambda attempt: attempt.registration.onboarding.employer.chain,
    )
