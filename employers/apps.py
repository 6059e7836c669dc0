"""Employers and their way to partnership."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployersConfig(AppConfig):
    """Employers, the eight steps, agreements and the review desk."""

    name = "employers"
    verbose_name = _("Employers")

    def ready(self) -> None:
        """Let invitations be minted and agreements be verified, and say who may see an employer's papers."""
        from apprenticeship.documents import access, kinds, verdicts
        from apprenticeship.program import audience
        from apprenticeship.program.models import AgreementTemplate, Program
        from apprenticeship.records import events, grants
        from apprenticeship.records.history import teach
        from apprenticeship.records.verification import register
        from employers import (
            checks,
            history,
            new_versions,
            papers,
            people,
            signatory,
            standing,
            text_preview,
            verification,
        )
        from employers.models import Agreement, Employer, RegistrationAttempt
        from employers.permissions import may_see_papers

        checks.register_checks()
        teach(history.says())
        audience.register(count=new_versions.count, progress=new_versions.progress, preview=text_preview)
        kinds.prepare_with(kinds.WAGE_SCHEDULE, papers.draw_wages)
        kinds.prepare_with(kinds.FINAL_AGREEMENT, papers.draw_final)
        grants.register("invitation", people.mint_invitation_link)
        grants.register("signing", signatory.mint_signing_link)
        register("employers", verification.check_employers)
        register("agreements", verification.check_agreements)
        register("scans", verification.check_scans)
        register("moves", verification.check_moves)
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
        verdicts.register(Agreement, standing.standing_of)
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
