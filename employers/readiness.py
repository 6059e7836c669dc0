"""Is an organization ready to begin? A few answers, judged at once; nothing is stored."""

import math
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apprenticeship.program.models import Program
from employers.onboarding import STEP_BY_SLUG, Step

YES, PARTLY, NO = "yes", "partly", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a visitor said; numbers are whole, None where not known."""

    position: str
    mentor: str
    journeyworkers: int | None
    apprentices: int | None
    funding: str
    raises: str
    signatory: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must hold, whether it does, and what to do; `step` is where the portal asks for it."""

    step: Step
    is_ready: bool
    title: str | Promise
    advice: str


def judge(answers: Answers, program: Program) -> list[Finding]:
    """Return one finding for each thing that must hold, in the order of the steps."""
    return [
        _position(answers),
        _funding(answers, program),
        _mentor(answers, program),
        _ratio(answers, program),
        _raises(answers),
        _signatory(answers),
    ]


def _found(slug: str, is_ready: bool, title: str, ready: str, missing: str) -> Finding:
    return Finding(STEP_BY_SLUG[slug], is_ready, title, ready if is_ready else missing)


def _position(answers: Answers) -> Finding:
    return _found(
        "position", answers.position == YES, _("A position"),
        _("You name the site, the start and the hours per week."),
        _("Ask your HR department for a new position, use a vacancy, or enroll somebody who already works for you."),
    )  # fmt: skip


def _funding(answers: Answers, program: Program) -> Finding:
    cost = _("$%(cost)s for each apprentice") % {"cost": f"{program.related_instruction_cost:,.0f}"}
    missing = {
        PARTLY: _(
            "Find the rest before step 4: budget, grant or workforce funds. The program counts %(cost)s."
        ),
        NO: _(
            "Your organization pays for the whole of the related instruction; the program counts %(cost)s. "
            "Look at the funding facts, and ask your local workforce board before you hire."
        ),
    }
    return _found(
        "funding", answers.funding == YES, _("Money for the related instruction"),
        _("You name each source and its amount. The program counts %(cost)s.") % {"cost": cost},
        missing.get(answers.funding, missing[NO]) % {"cost": cost},
    )  # fmt: skip


def _mentor(answers: Answers, program: Program) -> Finding:
    most, planned = program.apprentices_per_mentor, answers.apprentices or 0
    needed = math.ceil(planned / most)
    if answers.mentor == YES and needed > 1:
        text = _(
            "For %(planned)s apprentices appoint %(needed)s mentors: each has at most %(most)s at a time."
        )
        facts = {"planned": planned, "needed": needed, "most": most}
        return _found("mentor", False, _("A mentor"), "", text % facts)
    ready = ngettext(
        "A mentor has at most %(most)s apprentice at a time.",
        "A mentor has at most %(most)s apprentices at a time.",
        most,
    )
    return _found(
        "mentor", answers.mentor == YES, _("A mentor"), ready % {"most": most},
        _("Appoint an experienced technician at the site who will oversee the training."),
    )  # fmt: skip


def _ratio(answers: Answers, program: Program) -> Finding:
    """Judge apprentices against journeyworkers at one site. Source: 29 CFR 29.5(b)(7)."""
    title, ratio = _("Enough technicians"), program.apprentices_per_journeyworker
    if answers.journeyworkers is None or answers.apprentices is None:
        missing = _("Count the fully qualified technicians at the site, and the apprentices you plan there.")
        return _found("mentor", False, title, "", missing)
    most = int(answers.journeyworkers * ratio)
    facts = {"technicians": answers.journeyworkers, "most": most, "planned": answers.apprentices}
    ready = _("Technicians at the site: %(technicians)s. Apprentices you may train there: up to %(most)s.")
    missing = _(
        "Technicians at the site: %(technicians)s. Apprentices you may train there: up to %(most)s, "
        "not %(planned)s. Plan fewer, or another site."
    )
    return _found("mentor", answers.apprentices <= most, title, ready % facts, missing % facts)


def _raises(answers: Answers) -> Finding:
    return _found(
        "agreement", answers.raises == YES, _("A wage that rises"),
        _("The wage builder in step 6 judges every rate against the minimum wages on its day."),
        _("Agree with your HR department on a starting wage and at least one raise on the way to the full rate."),
    )  # fmt: skip


def _signatory(answers: Answers) -> Finding:
    return _found(
        "agreement", answers.signatory == YES, _("Somebody who may sign"),
        _("They get a link by mail and need no account."),
        _("Find out who may bind your organization, and let them read the agreement early: step 6 has preview links."),
    )  # fmt: skip
