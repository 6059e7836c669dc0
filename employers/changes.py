"""Why a completed step needs another look: what a save changed, and what is missing now."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from employers.application import Application
from employers.completeness import Gap, unread_documents
from employers.onboarding import Part, Text
from employers.wages.wording import day, dollars, plain_number

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer that steps are judged by; `judges` are the parts that it can break.

    `value` is compared, `shown` is read; without a value the fact is that the row exists.
    """

    what: str
    judges: tuple[Part, ...]
    value: Any = None
    shown: str = ""
    is_row: bool = False


Facts = Mapping[Hashable, Fact]

NEEDS_ANOTHER_LOOK: dict[Part, Text] = {
    Part.PROFILE: gettext_lazy("Your organization needs another look: %(why)s"),
    Part.STANDARDS: gettext_lazy("The program documents need another look: %(why)s"),
    Part.POSITION: gettext_lazy("Your position needs another look: %(why)s"),
    Part.FUNDING: gettext_lazy("Funding needs another look: %(why)s"),
    Part.MENTOR: gettext_lazy("Your mentors need another look: %(why)s"),
    Part.WAGES: gettext_lazy("The wage schedule needs another look: %(why)s"),
    Part.AGREEMENT: gettext_lazy("The agreement needs another look: %(why)s"),
}


def facts_of(application: Application, part: Part) -> Facts:
    """Return what one part says that steps are judged by, as plain values; read it before and after a save."""
    reader = _READERS.get(part)
    return dict(reader(application)) if reader else {}


def another_look(gap: Gap, application: Application, *, before: Facts, after: Facts) -> str:
    """Return the sentence about a step that no longer holds: which change broke it, and what to do.

    "Funding needs another look: openings rose from 2 to 4. $7,400.00 of $14,800.00 is covered; …"
    """
    said = [*differences(before, after, gap.part), *_by_aami(application, gap.part)]
    more = len(said) - MOST_NAMED
    if more > 0:
        count = ngettext("%(count)s more change", "%(count)s more changes", more) % {"count": more}
        said = [*said[:MOST_NAMED], count]
    why = f"{get_text_list(said, _('and'))}. {gap.message}" if said else gap.message
    return str(NEEDS_ANOTHER_LOOK[gap.part]) % {"why": why}


def differences(before: Facts, after: Facts, part: Part) -> Iterator[str]:
    """Yield, in words, each difference that can break a part. An answer that was emptied is the gap itself."""
    for key, fact in {**before, **after}.items():
        old, new = before.get(key), after.get(key)
        if part not in fact.judges:
            continue
        if fact.is_row and not (old and new):
            sentence = _("%(what)s was added") if new else _("%(what)s was removed")
            yield sentence % {"what": fact.what}
        elif old and new and old.value != new.value and new.value is not None:
            yield _changed(old, new)


def _changed(old: Fact, new: Fact) -> str:
    if old.value is None:
        return _("%(what)s was set to %(new)s") % {"what": new.what, "new": new.shown}
    if isinstance(new.value, str) or isinstance(old.value, str):
        sentence = _("%(what)s changed from %(old)s to %(new)s")
    elif new.value > old.value:
        sentence = _("%(what)s rose from %(old)s to %(new)s")
    else:
        sentence = _("%(what)s fell from %(old)s to %(new)s")
    return sentence % {"what": new.what, "old": old.shown, "new": new.shown}


def _by_aami(application: Application, part: Part) -> Iterator[str]:
    """Yield what AAMI changed since the step was completed; no save of the employer's shows it."""
    if part is Part.STANDARDS:
        known = {row.document.kind for row in application.acknowledgments.values()}
        for document in unread_documents(application):
            is_newer = document.kind in known
            sentence = (
                _("AAMI published version %(version)s of %(title)s")
                if is_newer
                else _("AAMI added %(title)s")
            )
            yield sentence % {"version": document.version, "title": document.title}
    if part is Part.FUNDING:
        was, cost = application.onboarding.cost_when_funded, application.program.related_instruction_cost
        if was is not None and was != cost:
            what = _("AAMI's cost of related instruction per apprentice")
            yield _changed(Fact(what, (part,), was, dollars(was)), Fact(what, (part,), cost, dollars(cost)))


Found = Iterator[tuple[Hashable, Fact]]
_PLACE = (Part.PROFILE, Part.POSITION, Part.MENTOR, Part.WAGES)


def _sites(application: Application) -> Found:
    for site in application.sites:
        yield site.pk, Fact(_("the site %(site)s") % {"site": site}, _PLACE, is_row=True)
        staff = _("journeyworkers at %(site)s") % {"site": site}
        yield (site.pk, "staff"), _number(staff, (Part.MENTOR,), site.journeyworkers)
        state = _("the state of %(site)s") % {"site": site}
        yield (site.pk, "state"), _choice(state, (Part.PROFILE, Part.WAGES), site.state, site.state)
        group = _("the health-care group of %(site)s") % {"site": site}
        named = str(site.get_health_care_group_display())
        yield (site.pk, "group"), _choice(group, (Part.WAGES,), site.health_care_group, named)
        local = _("the local minimum wage at %(site)s") % {"site": site}
        yield (site.pk, "local"), _money(local, (Part.WAGES,), site.local_minimum_wage)
        bill = _("GI Bill approval of %(site)s") % {"site": site}
        yield (site.pk, "bill"), _choice(bill, (Part.PROFILE,), site.gi_bill, str(site.get_gi_bill_display()))


def _positions(application: Application) -> Found:
    yield "openings", _number(_("openings"), (Part.POSITION, Part.FUNDING), application.planned_apprentices)
    openings = Counter(dict.fromkeys(application.sites, 0))
    for number, row in enumerate(application.positions, 1):
        if row.site:
            openings[row.site] += row.openings or 0
        facts = {"number": number}
        kind = _("the kind of position %(number)s") % facts
        yield (row.pk, "kind"), _choice(kind, (Part.POSITION,), row.branch, str(row.get_branch_display()))
        site = _("the site of position %(number)s") % facts
        yield (row.pk, "site"), _choice(site, (Part.WAGES,), str(row.site_id or ""), str(row.site or ""))
        start = _("the planned start of position %(number)s") % facts
        shown = day(row.planned_start) if row.planned_start else ""
        yield (row.pk, "start"), _choice(start, (Part.WAGES,), shown, shown)
        hours = _("the hours per week of position %(number)s") % facts
        yield (row.pk, "hours"), _number(hours, (Part.WAGES,), row.hours_per_week)
    for place, count in openings.items():
        at_site = _("openings at %(site)s") % {"site": place}
        yield ("openings", place.pk), _number(at_site, (Part.MENTOR,), count)


def _sources(application: Application) -> Found:
    for source in application.funding_sources:
        name = {"source": str(source)}
        yield source.pk, Fact(_("the source %(source)s") % name, (Part.FUNDING,), is_row=True)
        amount = _("the amount of %(source)s") % name
        yield (source.pk, "amount"), _money(amount, (Part.FUNDING,), source.amount)


def _mentors(application: Application) -> Found:
    for mentor in application.mentors:
        name, judges = {"mentor": str(mentor)}, (Part.MENTOR,)
        yield mentor.pk, Fact(_("the mentor %(mentor)s") % name, judges, is_row=True)
        site = _("the site of %(mentor)s") % name
        yield (mentor.pk, "site"), _choice(site, judges, str(mentor.site_id or ""), str(mentor.site or ""))
        carried = _("the apprentices that %(mentor)s already mentors") % name
        yield (mentor.pk, "carried"), _number(carried, judges, mentor.apprentices_carried or 0)


def _number(what: str, judges: tuple[Part, ...], value: Any) -> Fact:
    return Fact(what, judges, value, "" if value is None else plain_number(value))


def _money(what: str, judges: tuple[Part, ...], value: Any) -> Fact:
    return Fact(what, judges, value, "" if value is None else dollars(value))


def _choice(what: str, judges: tuple[Part, ...], value: str, shown: str) -> Fact:
    return Fact(what, judges, value or None, shown)


_READERS: dict[Part, Callable[[Application], Found]] = {
    Part.PROFILE: _sites,
    Part.POSITION: _positions,
    Part.FUNDING: _sources,
    Part.MENTOR: _mentors,
}
