"""What changed between two versions of an agreement: a pure function over their frozen terms."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers.onboarding import Text

# Of a longer run that both versions have, this many words are shown beside what differs.
CONTEXT = 8
LONG = 40
SKIPPED = " … "

Terms = Mapping[str, Any]
Found = Iterator["Change"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two versions say differently; "" where a version says nothing."""

    what: str
    before: str
    after: str

    @property
    def word(self) -> Text:
        """The kind of change, in a word: no reader depends on a color."""
        if not self.before:
            return gettext_lazy("Added")
        return gettext_lazy("Changed") if self.after else gettext_lazy("Removed")

    @property
    def pieces_before(self) -> list["Piece"]:
        """The older words, those that are gone marked."""
        return _pieces(self.before, self.after)

    @property
    def pieces_after(self) -> list["Piece"]:
        """The newer words, those that are new marked."""
        return _pieces(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; `differs` from the other version, or stands there too."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """The changes in one part of the agreement; never empty."""

    title: str
    changes: tuple[Change, ...]


def differences(before: Terms, after: Terms) -> list[Topic]:
    """Return what the newer terms say differently, in the order of the paper. Equal terms give none.

    The order of sites and documents says nothing, so it makes no difference.
    """
    topics = (
        (_("Parties and program"), _facts(before["facts"], after["facts"])),
        (_("Documents acknowledged"), _documents(before["facts"], after["facts"])),
        (_("Wage schedule"), _wages(before["facts"]["wages"], after["facts"]["wages"])),
        (_("Sites"), _sites(before["facts"]["sites"], after["facts"]["sites"])),
        (_("Text of the agreement"), _text(before, after)),
    )
    return [Topic(title, changes) for title, found in topics if (changes := tuple(found))]


FACTS: tuple[tuple[str, str, Text], ...] = (
    ("employer", "legal_name", gettext_lazy("Legal name")),
    ("employer", "dba_name", gettext_lazy("Doing business as")),
    ("employer", "address", gettext_lazy("Principal address")),
    ("employer", "ein", gettext_lazy("EIN")),
    ("employer", "naics", gettext_lazy("NAICS code")),
    ("representative", "name", gettext_lazy("Employer’s representative")),
    ("representative", "title", gettext_lazy("Title of the representative")),
    ("occupation", "title", gettext_lazy("Occupation")),
    ("occupation", "rapids_code", gettext_lazy("RAPIDS code")),
    ("occupation", "onet_code", gettext_lazy("O*NET-SOC code")),
    ("term", "hours", gettext_lazy("Term, hours on the job")),
    ("term", "months", gettext_lazy("Term, months")),
)


def _facts(before: Terms, after: Terms) -> Found:
    for group, name, label in FACTS:
        yield from _change(str(label), _said(before[group][name]), _said(after[group][name]))


def _documents(before: Terms, after: Terms) -> Found:
    old, new = (_by_title(facts["documents"]) for facts in (before, after))
    for title in _keys(old, new):
        yield from _change(title, old.get(title, ""), new.get(title, ""))


def _by_title(rows: Iterable[Terms]) -> dict[str, str]:
    """Return the versions of each title, as words."""
    versions: dict[str, list[str]] = {}
    for row in rows:
        versions.setdefault(str(row["title"]), []).append(str(row["version"]))
    return {
        title: ", ".join(_("version %(version)s") % {"version": version} for version in sorted(found))
        for title, found in versions.items()
    }


def _wages(before: Terms, after: Terms) -> Found:
    old, new = (_rates(wages) for wages in (before, after))
    for name in _keys(old, new):
        yield from _change(name, old.get(name, ""), new.get(name, ""))


def _rates(wages: Terms) -> dict[str, str]:
    """Return the wage table, row by row, as it reads."""
    if not wages:
        return {}
    rows = {_("Journeyworker rate"): _hourly(wages["journeyworker_rate"])}
    for period in wages["periods"]:
        span = {"start": f"{period['hours_from']:,}", "end": f"{period['hours_to']:,}"}
        rate = _hourly(period["rate"])
        percent = f" ({period['percent']}%)" if period["percent"] else ""
        words = _("hours %(start)s–%(end)s: ") % span + rate + percent
        rows[_("Period %(number)s") % {"number": period["number"]}] = words
    return rows | {_("Term, hours on the job"): f"{wages['term_hours']:,}"}


def _sites(before: Sequence[Terms], after: Sequence[Terms]) -> Found:
    """Pair what is equal, then by name, then by address; what is left was removed or added."""
    old, new = [_place(row) for row in before], [_place(row) for row in after]
    for row in [row for row in old if row in new]:
        if row in new:
            old.remove(row)
            new.remove(row)
    for key in (0, 1):
        for row in list(old):
            twin = next((other for other in new if other[key] == row[key]), None)
            if twin:
                old.remove(row)
                new.remove(twin)
                yield Change(twin[0], _line(row), _line(twin))
    yield from (Change(row[0], _line(row), "") for row in old)
    yield from (Change(row[0], "", _line(row)) for row in new)


def _place(row: Terms) -> tuple[str, str]:
    return str(row["name"]), str(row["address"])


def _line(place: tuple[str, str]) -> str:
    return ", ".join(part for part in place if part) or "–"


def _text(before: Terms, after: Terms) -> Found:
    old, new = before["template"], after["template"]
    yield from _change(_("Sponsor"), _said(before["sponsor"]["name"]), _said(after["sponsor"]["name"]))
    yield from _change(_("Title"), _said(old["title"]), _said(new["title"]))
    yield from _change(_("Preamble"), _joined(old["preamble"]), _joined(new["preamble"]))
    old_clauses, new_clauses = (_by_heading(words["statements"]) for words in (old, new))
    for heading in _keys(old_clauses, new_clauses):
        what = _("Clause “%(heading)s”") % {"heading": heading}
        yield from _change(what, old_clauses.get(heading, ""), new_clauses.get(heading, ""))
    if list(old_clauses) != list(new_clauses) and set(old_clauses) == set(new_clauses):
        yield Change(_("Order of the clauses"), ", ".join(old_clauses), ", ".join(new_clauses))
    authority = "authority_statement"
    yield from _change(_("Statement of authority"), _said(old[authority]), _said(new[authority]))
    consent = _("Consent to sign electronically")
    yield from _change(consent, _joined(old["consent_text"]), _joined(new["consent_text"]))


def _by_heading(clauses: Iterable[Terms]) -> dict[str, str]:
    """Return each clause's text by its heading; of two with one heading the texts follow each other."""
    found: dict[str, list[str]] = {}
    for clause in clauses:
        found.setdefault(str(clause["heading"]), []).append(str(clause["text"]))
    return {heading: "\n\n".join(texts) or "–" for heading, texts in found.items()}


def _change(what: str, before: str, after: str) -> Found:
    if before != after:
        yield Change(what, before, after)


def _pieces(mine: str, other: str) -> list[Piece]:
    """Return my words in runs: what the other side lacks is marked, long runs that both have are shortened."""
    if not mine or not other:
        return [Piece(mine, differs=False)] if mine else []
    words, theirs = (re.findall(r"\S+\s*", text) for text in (mine, other))
    matcher = SequenceMatcher(None, words, theirs, autojunk=False)
    runs = [
        (tag == "equal", words[start:end])
        for tag, start, end, _from, _to in matcher.get_opcodes()
        if start < end
    ]
    is_long = len(words) > LONG
    return [
        Piece(
            _shortened(run, number > 0, number < len(runs) - 1) if same and is_long else "".join(run),
            not same,
        )
        for number, (same, run) in enumerate(runs)
    ]


def _shortened(run: list[str], has_before: bool, has_after: bool) -> str:
    """Return a run with the words next to what differs, and a mark for those in between."""
    if len(run) <= 2 * CONTEXT + 2:
        return "".join(run)
    head, tail = "".join(run[:CONTEXT]) if has_before else "", "".join(run[-CONTEXT:]) if has_after else ""
    return f"{head.rstrip()}{SKIPPED}{tail}"


def _keys(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the keys of both, the newer order first, what is gone at the end."""
    return [*new, *(key for key in old if key not in new)]


def _hourly(rate: str) -> str:
    return _("$%(rate)s an hour") % {"rate": rate} if rate else _("no rate")


def _joined(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(str(text) for text in paragraphs)


def _said(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
