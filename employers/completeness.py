"""What is still missing, part by part: drafts may have gaps, a completed step may not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apprenticeship.program.models import ProgramDocument
from employers.application import Application
from employers.models import Agreement, Employer, Mentor, Position, Site
from employers.onboarding import STEP_BY_PART, Part, Step
from employers.terms import needs_new_text, still_says_the_same
from employers.wages.check import Answer
from employers.wages.wording import dollars


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to do before a step is complete; `anchor` is the field's id on the step's page."""

    part: Part
    anchor: str
    message: str

    @property
    def step(self) -> Step:
        """The step on whose page the gap is closed."""
        return STEP_BY_PART[self.part]

    @property
    def url(self) -> str:
        """The address of the field, on the step's page or the wage schedule's."""
        return f"{page_of(self.part)}#{self.anchor}"


def page_of(part: Part) -> str:
    """Return the address of the page where a part is edited: its step's, but the wage schedule has its own."""
    if part is Part.WAGES:
        return reverse("employers:wages")
    return reverse("employers:step", args=[STEP_BY_PART[part].slug])


class NotReady(Exception):
    """A move was asked for before its conditions held; `gaps` lists what is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__("; ".join(gap.message for gap in gaps))
        self.gaps = gaps


def gaps(application: Application, *parts: Part) -> list[Gap]:
    """Return every gap in these parts, or in all of them, in the order of the steps."""
    if not parts:
        application.read()
    return [gap for part in (parts or tuple(Part)) for gap in gaps_in(application, part)]


def gaps_in(application: Application, part: Part) -> Iterator[Gap]:
    """Yield the gaps of one part."""
    for anchor, message in _FINDERS[part](application):
        yield Gap(part, anchor, message)


Found = Iterator[tuple[str, str]]

PROFILE_FIELDS = (
    "legal_name",
    "kind",
    "street",
    "city",
    "state",
    "zip_code",
    "county",
    "contact_name",
    "contact_email",
    "contact_phone",
)
# 29 CFR 29.5(b)(22): name, address, telephone number and e-mail address.
COMPLAINT_FIELDS = ("complaint_name", "complaint_address", "complaint_phone", "complaint_email")


def _profile(application: Application) -> Found:
    employer = application.employer
    for name in PROFILE_FIELDS:
        if not getattr(employer, name):
            yield f"id_{name}", _("Enter the %(field)s.") % {"field": _label(Employer, name)}
    for name in COMPLAINT_FIELDS:
        if not getattr(employer, name):
            field = _label(Employer, name)
            yield f"id_{name}", _("For complaints, enter the %(field)s.") % {"field": field}
    if not employer.follows_selection_procedure:
        yield (
            "id_follows_selection_procedure",
            _("Confirm that you follow the program's selection procedure."),
        )
    if not application.sites:
        yield "sites", _("Add at least one site where apprentices will train.")
    for number, site in enumerate(application.sites):
        yield from _site(number, site)


def _site(number: int, site: Site) -> Found:
    for name in ("name", "street", "city", "state", "zip_code", "gi_bill"):
        if not getattr(site, name):
            yield _row("sites", number, name), _("%(row)s: enter the %(field)s.") % _of(site, Site, name)
    if site.journeyworkers is None:
        yield (
            _row("sites", number, "journeyworkers"),
            _("%(site)s: enter how many journeyworkers are on staff.") % {"site": site},
        )
    if site.gi_bill == Site.Approval.YES and not site.gi_bill_facility_code:
        yield (
            _row("sites", number, "gi_bill_facility_code"),
            _("%(site)s: enter the GI Bill facility code.") % {"site": site},
        )
    if site.state == "CA" and not site.health_care_group:
        yield (
            _row("sites", number, "health_care_group"),
            _("%(site)s: choose the California health-care group.") % {"site": site},
        )


def unread_documents(application: Application) -> list[ProgramDocument]:
    """Return the required documents that nobody has acknowledged in their current version."""
    signed = application.signed_agreement
    return [
        document
        for document in application.required_documents
        if document.pk not in application.acknowledgments
        and not (signed and _binds_later(document, signed, application))
    ]


def _standards(application: Application) -> Found:
    for document in unread_documents(application):
        message = _("Read and acknowledge %(title)s, version %(version)s.")
        facts = {"title": document.title, "version": document.version}
        yield f"document-{document.pk}", message % facts


def _binds_later(document: ProgramDocument, signed: Agreement, application: Application) -> bool:
    """Whether a version published since the signature binds at the next presentation only."""
    if document.published_at is None or document.published_at <= signed.presented_at:
        return False
    return signed.is_in_force or document.kind not in application.binding_kinds


def _position(application: Application) -> Found:
    if not application.positions:
        yield "positions", _("Add at least one position.")
    for number, position in enumerate(application.positions):
        needed = ["branch", "site", "planned_start", "hours_per_week"]
        is_incumbent = position.branch == Position.Branch.INCUMBENT
        needed.append("incumbent_initials" if is_incumbent else "openings")
        for name in needed:
            if not getattr(position, name if name != "site" else "site_id"):
                message = _("Position %(number)s: enter the %(field)s.")
                facts = {"number": number + 1, "field": _label(Position, name)}
                yield _row("positions", number, name), message % facts
    if not application.onboarding.confirms_hiring:
        yield "id_confirms_hiring", _("Confirm that hiring and vetting are your own responsibility.")


def _funding(application: Application) -> Found:
    onboarding, cost, covered = (
        application.onboarding,
        application.instruction_cost,
        application.funding_covered,
    )
    if not application.funding_sources:
        yield "sources", _("Name at least one source of funding.")
    for number, source in enumerate(application.funding_sources):
        for name in ("kind", "amount"):
            if not getattr(source, name):
                message = _("Source %(number)s: enter the %(field)s.")
                facts = {"number": number + 1, "field": _label(type(source), name)}
                yield _row("sources", number, name), message % facts
    if application.funding_sources and covered < cost:
        message = _("%(covered)s of %(cost)s is covered; %(missing)s is missing.")
        facts = {"covered": dollars(covered), "cost": dollars(cost), "missing": dollars(cost - covered)}
        yield "sources", message % facts
    if not onboarding.instruction_provider:
        yield "id_instruction_provider", _("Name who provides the related instruction.")
    if onboarding.is_instruction_paid is None:
        yield "id_is_instruction_paid", _("Say whether related instruction is paid working time.")
    if not onboarding.instruction_time:
        yield "id_instruction_time", _("Say when related instruction takes place.")
    if not onboarding.confirms_payment:
        yield "id_confirms_payment", _("Confirm that you pay for all of the required related instruction.")


def _mentor(application: Application) -> Found:
    for number, mentor in enumerate(application.mentors):
        for name in ("site", "name", "title", "email", "years"):
            if getattr(mentor, name if name != "site" else "site_id") in (None, ""):
                message = _("Mentor %(number)s: enter the %(field)s.")
                facts = {"number": number + 1, "field": _label(Mentor, name)}
                yield _row("mentors", number, name), message % facts
    openings: dict[Site, int] = {}
    for position in application.positions:
        if position.site:
            openings[position.site] = openings.get(position.site, 0) + (position.openings or 0)
    if not application.mentors and not openings:
        yield "mentors", _("Add at least one mentor.")
    for site, planned in openings.items():
        yield from _ratios(application, site, planned)


def _ratios(application: Application, site: Site, planned: int) -> Found:
    """A mentor at the site, and the program's own ratio of apprentices to mentors."""
    mentors = [mentor for mentor in application.mentors if mentor.site_id == site.pk]
    if not mentors:
        yield "mentors", _("Appoint a mentor for %(site)s, where you plan a position.") % {"site": site}
        return
    carried = sum(mentor.apprentices_carried or 0 for mentor in mentors)
    room = max(len(mentors) * application.program.apprentices_per_mentor - carried, 0)
    if planned > room:
        message = ngettext(
            "%(site)s has mentors for %(room)s more apprentice, but %(planned)s are planned.",
            "%(site)s has mentors for %(room)s more apprentices, but %(planned)s are planned.",
            room,
        )
        yield "mentors", message % {"site": site, "room": room, "planned": planned}
    yield from _journeyworkers(application, site, planned + carried)


def _journeyworkers(application: Application, site: Site, apprentices: int) -> Found:
    """29 CFR 29.5(b)(7): apprentices to journeyworkers at the site."""
    staff = site.journeyworkers or 0
    allowed = int(application.program.apprentices_per_journeyworker * staff)
    if apprentices <= allowed:
        return
    message = _(
        "%(site)s has %(staff)s on staff, enough for %(allowed)s; "
        "%(planned)s would train there (29 CFR 29.5(b)(7))."
    )
    facts = {
        "site": site,
        "staff": ngettext("%(n)s journeyworker", "%(n)s journeyworkers", staff) % {"n": staff},
        "allowed": ngettext("%(n)s apprentice", "%(n)s apprentices", allowed) % {"n": allowed},
        "planned": apprentices,
    }
    yield "mentors", message % facts


def _wages(application: Application) -> Found:
    if application.wage_schedule is None:
        yield "id_journeyworker_rate", _("Build the wage schedule.")
    for check in application.wage_checks:
        if check.answer == Answer.FAILS:
            yield "checks", f"{check.label}: {check.detail}" if check.detail else str(check.label)


def _agreement(application: Application) -> Found:
    if application.signed_agreement is None:
        yield "agreement", _("Sign the Employer Agreement.")
    elif not still_says_the_same(application.signed_agreement, application):
        yield "agreement", _("The signed agreement no longer says what your answers say. Sign it again.")
    elif needs_new_text(application):
        yield (
            "agreement",
            _(
                "AAMI has published version %(version)s of the agreement's text, which has to be signed. "
                "The signature under version %(signed)s does not count for it. Sign the new version."
            )
            % {
                "version": application.signed_agreement.binding_version,
                "signed": application.signed_agreement.template.version,
            },
        )


def unconfirmed(application: Application) -> list[Gap]:
    """Return the gap of an agreement signed on paper whose scan no reviewer has confirmed."""
    agreement = application.signed_agreement
    if agreement is None or agreement.status != Agreement.Status.PAPER:
        return []
    return [
        Gap(
            Part.AGREEMENT,
            "agreement",
            _("Confirm the scan of the signed paper first: who signed, and when."),
        )
    ]


_FINDERS: dict[Part, Callable[[Application], Found]] = {
    Part.PROFILE: _profile,
    Part.STANDARDS: _standards,
    Part.POSITION: _position,
    Part.FUNDING: _funding,
    Part.MENTOR: _mentor,
    Part.WAGES: _wages,
    Part.AGREEMENT: _agreement,
}


def _label(model: type, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[attr-defined]


def _row(prefix: str, number: int, name: str) -> str:
    return f"id_{prefix}-{number}-{name}"


def _of(row: object, model: type, name: str) -> dict[str, str]:
    return {"row": str(row), "field": _label(model, name)}
