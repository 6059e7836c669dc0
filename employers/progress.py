"""Where an application stands, in words: the rows of the task list, the progress bar."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.records.models import Event
from employers.application import Application
from employers.models import Membership, Onboarding
from employers.onboarding import AFTER_ACTIVE, EDGE_BY_NAME, STEPS, Part, State, Step, Text, Turn
from employers.registering import due_on
from employers.wages.wording import day as in_words
from employers.wages.wording import dollars


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One row of the task list. `mood` is the row's class: done, now, error or later."""

    step: Step
    mood: str
    tag: str
    detail: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole task list with its headline."""

    rows: tuple[StepProgress, ...]
    headline: str
    turn: Text
    since: dt.date
    what_next: str
    done: int
    action_url: str
    action_label: str


def progress(application: Application, events: list[Event], reader: Membership) -> Progress:
    """Return the eight rows with what each says now to this colleague."""
    onboarding = application.onboarding
    dates = completed_dates(events)
    rows = tuple(_row(application, step, dates) for step in STEPS)
    done = sum(row.mood == "done" for row in rows)
    action_url, action_label = _action(application, reader)
    return Progress(
        rows=rows,
        headline=_headline(onboarding),
        turn=_turn(application),
        since=_since(application),
        what_next=what_next(application),
        done=done,
        action_url=action_url,
        action_label=action_label,
    )


_TURNS: dict[Turn, Text] = {
    Turn.EMPLOYER: gettext_lazy("It is your turn"),
    Turn.AAMI: gettext_lazy("It is AAMI's turn"),
    Turn.AGENCY: gettext_lazy("It is the turn of AAMI and the Department of Labor"),
    Turn.NOBODY: gettext_lazy("Nothing to do"),
}
_SENT = gettext_lazy("It is the Department of Labor's turn")
_RETURNED = gettext_lazy(
    "The registration agency returned your papers. Change the parts that are named, answer and submit again; "
    "it goes back to the same reviewer."
)
_WHAT_NEXT: dict[State, Text] = {
    State.SUBMISSION: gettext_lazy("Check your answers and submit; then a reviewer at AAMI reads them."),
    State.REVIEW: gettext_lazy(
        "A reviewer reads your application. You hear from us by mail; write to us if you don't."
    ),
    State.CHANGES: gettext_lazy("Answer what AAMI asks and submit again; it goes back to the same reviewer."),
    State.ACTIVE: gettext_lazy("Hire, enroll and train."),
    State.SUSPENDED: gettext_lazy("Talk to us about the way back. Your papers stay available."),
    State.WITHDRAWN: gettext_lazy("Your answers are kept; the owner can reopen the application."),
    State.DECLINED: gettext_lazy("Your answers are kept. Talk to us; AAMI can reopen the application."),
    State.ENDED: gettext_lazy("Your papers stay available."),
}


def _turn(application: Application) -> Text:
    """Return whose turn it is; a registration is first AAMI's to send, then the agency's to answer."""
    if application.attempt is None:
        return _TURNS[application.onboarding.turn]
    return _SENT if application.attempt.is_sent else _TURNS[Turn.AAMI]


def _since(application: Application) -> dt.date:
    sent_on: dt.date | None = application.attempt.sent_on if application.attempt else None
    return sent_on or application.onboarding.state_since.astimezone(application.zone).date()


def is_returned(application: Application) -> bool:
    """Whether the employer is asked for changes because the registration agency returned the papers."""
    request = application.open_request if application.onboarding.state == State.CHANGES else None
    return request is not None and request.is_agencys


def what_next(application: Application) -> str:
    """Return what happens next, and how the employer hears of it, or "" while a step says so itself."""
    attempt = application.attempt
    if is_returned(application):
        return str(_RETURNED)
    if attempt is None:
        return str(_WHAT_NEXT.get(State(application.onboarding.state), ""))
    agency = {"agency": attempt.agency or application.program.registration_agency}
    if not attempt.is_sent:
        words = _("AAMI prepares your papers and sends them to the registration agency (%(agency)s).")
        return words % agency + " " + _("You hear from us by mail when they are sent.")
    due = due_on(attempt, application.program)
    words = _(
        "The agency (%(agency)s) registers you or asks for a change; AAMI expects its answer by %(day)s."
    )
    return words % (agency | {"day": in_words(due)}) + " " + _("You hear from us by mail.")


_ACTIONS: dict[State, Text] = {
    State.CHANGES: gettext_lazy("Answer what AAMI asks"),
    State.ACTIVE: gettext_lazy("Open step %(number)s"),
}


def _action(application: Application, reader: Membership) -> tuple[str, str]:
    """Return the one thing this colleague can do now, as an address and a label, or two empty texts."""
    onboarding = application.onboarding
    if onboarding.state == State.WITHDRAWN and reader.is_owner:
        return reverse("employers:move", args=["reopen"]), _("Reopen the application")
    step = onboarding.step
    if step is None or onboarding.turn is not Turn.EMPLOYER:
        return "", ""
    label = _ACTIONS.get(State(onboarding.state), gettext_lazy("Continue with step %(number)s"))
    if is_returned(application):
        label = gettext_lazy("Change what the agency returned")
    if not reader.may_write:
        label = gettext_lazy("See step %(number)s")
    return reverse("employers:step", args=[step.slug]), str(label) % {"number": step.number}


def completed_dates(events: list[Event]) -> dict[str, dt.datetime]:
    """Return when each state was last left."""
    moves = ((EDGE_BY_NAME[event.verb], event.at) for event in events if event.verb in EDGE_BY_NAME)
    return {source: at for edge, at in moves for source in edge.sources}


def _row(application: Application, step: Step, dates: dict[str, dt.datetime]) -> StepProgress:
    onboarding = application.onboarding
    detail = _detail(application, step) or str(step.summary)
    is_open = step.number < STEPS[-1].number or onboarding.step is step
    if application.flagged & set(step.parts):
        return StepProgress(step, "error", _("Needs a change"), detail, is_open)
    if onboarding.is_past(step) or (step.number < STEPS[-1].number and onboarding.state in AFTER_ACTIVE):
        at = max((dates[state] for state in step.states if state in dates), default=None)
        day = _day(at, application.zone) if at else ""
        return StepProgress(step, "done", _("Done %(day)s") % {"day": day}, detail, is_open)
    if onboarding.step is step:
        return StepProgress(step, "now", _current_tag(application), detail, is_open)
    return StepProgress(step, "later", _waiting_tag(application, step), detail, is_open)


def _waiting_tag(application: Application, step: Step) -> str:
    is_started = any(part in application.versions for part in step.parts)
    if application.onboarding.step is None:
        return _("Kept") if is_started else str(application.onboarding.get_state_display())
    return _("Draft started") if is_started else _("Later")


def _current_tag(application: Application) -> str:
    onboarding = application.onboarding
    since = _since(application)
    words = {"day": f"{since:%b} {since.day}"}
    if onboarding.state == State.ACTIVE:
        return _("Active since %(day)s") % words
    if application.attempt and application.attempt.is_sent:
        return _("With the DOL since %(day)s") % words
    if onboarding.turn in (Turn.AAMI, Turn.AGENCY):
        return _("With AAMI since %(day)s") % words
    return _("To do now")


def _headline(onboarding: Onboarding) -> str:
    step = onboarding.step
    if step is None or onboarding.state in (State.REVIEW, State.REGISTRATION, State.CHANGES, State.ACTIVE):
        return str(onboarding.get_state_display())
    title = str(step.title)
    return _("Next: %(step)s") % {"step": title[:1].lower() + title[1:]}


def _detail(application: Application, step: Step) -> str:
    part = step.parts[0] if step.parts else None
    reader = _DETAILS.get(part) if part else None
    return reader(application) if reader else ""


def _organization(application: Application) -> str:
    employer, count = application.employer, len(application.sites)
    place = ", ".join(bit for bit in (employer.city, employer.state) if bit)
    sites = _("%(count)s sites") % {"count": count} if count != 1 else _("1 site")
    return " · ".join(bit for bit in (str(employer), place, sites if count else "") if bit)


def _documents(application: Application) -> str:
    rows = application.acknowledgments.values()
    return ", ".join(f"{row.document.title} v{row.document.version}" for row in rows)


def _openings(application: Application) -> str:
    count = application.planned_apprentices
    if not count:
        return ""
    starts = [row.planned_start for row in application.positions if row.planned_start]
    words = [_("%(count)s openings") % {"count": count} if count != 1 else _("1 opening")]
    if starts:
        words.append(
            _("starting %(day)s") % {"day": f"{min(starts):%b} {min(starts).day}, {min(starts).year}"}
        )
    return " · ".join(words)


def _money(application: Application) -> str:
    if not application.funding_sources:
        return ""
    facts = {"covered": dollars(application.funding_covered), "cost": dollars(application.instruction_cost)}
    return _("%(covered)s of %(cost)s covered") % facts


def _mentors(application: Application) -> str:
    return ", ".join(str(mentor) for mentor in application.mentors)


def _wages(application: Application) -> str:
    agreement = application.signed_agreement
    if agreement:
        return _("Agreement version %(v)s, %(status)s") % {
            "v": agreement.version,
            "status": agreement.standing,
        }
    return ""


_DETAILS = {
    Part.PROFILE: _organization,
    Part.STANDARDS: _documents,
    Part.POSITION: _openings,
    Part.FUNDING: _money,
    Part.MENTOR: _mentors,
    Part.WAGES: _wages,
}


def _day(at: dt.datetime, zone: dt.tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%b} {local.day}"
