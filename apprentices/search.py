"""The search for candidates: what was asked, whom it finds, page by page. Nobody here has a name."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apprentices.choices import SERVED, Available, Education, Moving
from apprentices.distances import miles_from, nearby
from apprentices.models import Candidate
from apprentices.words import containing
from apprenticeship import hidden_text

PAGE = 25
CIRCLES = (
    10,
    25,
    50,
    100,
    250,
)  # miles around a place: what is searched within, and all that is told of a distance
COUNTED = 500  # beyond it the count says "more than"
# ZIP codes of the first look for a page and for the count; each further look takes GROWTH times as many.
FIRST_CODES, FIRST_CODES_COUNTED, GROWTH = 4, 32, 2
# Choices that few people meet are counted among the newest so many people alone; within a distance, in so many of
# the nearest ZIP codes, if more than CROWD live there.
COUNTED_PEOPLE, COUNTED_CODES, CROWD = 10_000, 400, 2_000
RARE = 2  # choices at once
HIDDEN_AS = "places in the search for candidates"
EPOCH, MICROSECOND = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)
COLUMNS = (
    "id", "state", "zip_code", "confirmed_at", "available", "travel", "moving", "education",
    "knows_electronics", "knows_it", "knows_clinical", "service", "work",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a partner asked for; None, "" and False ask for nothing."""

    region: int | None = None
    state: str = ""
    origin: str = ""  # a ZIP code; "" for no distance
    miles: int = 50
    available: int | None = None  # within so many months
    moves: bool = False
    education: int | None = None  # at least
    served: bool = False
    electronics: bool = False
    it: bool = False
    clinical: bool = False
    words: str = ""
    newest_first: bool = False

    @property
    def by_distance(self) -> bool:
        """Whether the nearest come first."""
        return bool(self.origin) and not self.newest_first

    @property
    def is_rare(self) -> bool:
        """Whether so much was chosen that a count up to the cap could read everybody."""
        asks = (
            self.asks_start,
            self.asks_education,
            self.moves,
            self.served,
            self.electronics,
            self.it,
            self.clinical,
        )
        return sum(asks) >= RARE

    @property
    def asks_start(self) -> bool:
        """Whether it matters when somebody could start."""
        return self.available is not None and self.available != Available.LATER

    @property
    def asks_education(self) -> bool:
        """Whether education matters."""
        return self.education is not None and self.education != Education.SCHOOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Where a page ended: the last row's ZIP code, moment and id.

    It stands in the address of the next page, where nobody may read a candidate's ZIP code: it is encrypted.
    """

    zip_code: str
    moment: dt.datetime
    id: uuid.UUID
    state: str = ""  # for the map; no part of the order

    def __str__(self) -> str:
        plain = f"{self.zip_code}-{(self.moment - EPOCH) // MICROSECOND}-{self.id.hex}"
        return hidden_text.hide(plain, HIDDEN_AS)

    @classmethod
    def of(cls, text: str) -> "Key | None":
        """Read a key back; None for anything else."""
        parts = (hidden_text.show(text, HIDDEN_AS) or "").split("-")
        try:
            zip_code, moment, row = parts
            return cls(
                zip_code=zip_code,
                moment=EPOCH + int(moment) * MICROSECOND,
                id=uuid.UUID(row),
            )
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of rows and the key of the next; on the first page how many there are and where."""

    rows: list["Blind"]
    next_key: str  # "" on the last page
    count: int  # at most COUNTED
    is_more: bool  # than were counted
    states: dict[str, int]  # of those counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """What a partner sees of somebody: choices, state and circle. No name, no contact, no words."""

    candidate: Candidate  # only COLUMNS are loaded
    miles: float | None  # from the place that was asked for; never shown as it is

    @property
    def circle(self) -> int | None:
        """The miles of the smallest circle of the search that holds them: what is shown of the distance."""
        return next((miles for miles in CIRCLES if self.miles is not None and self.miles <= miles), None)

    @property
    def is_outside(self) -> bool:
        """Whether they live outside of the greatest circle."""
        return self.miles is not None and self.circle is None

    @property
    def is_new(self) -> bool:
        """Whether they joined within a week."""
        moment = self.candidate.confirmed_at
        return moment is not None and moment > timezone.now() - dt.timedelta(days=7)


def matching(filters: Filters) -> "QuerySet[Candidate]":
    """Return everybody whom partners may see and who fits, but for the distance."""
    return _choosing(_placed(Candidate.objects.shown(), filters), filters)


def _placed(found: "QuerySet[Candidate]", filters: Filters) -> "QuerySet[Candidate]":
    """Return those of them in the region and state, with the words."""
    if filters.region:
        found = found.filter(region=filters.region)
    if filters.state:
        found = found.filter(state=filters.state)
    return containing(found, filters.words, region=filters.region, state=filters.state)


def _choosing(found: "QuerySet[Candidate]", filters: Filters) -> "QuerySet[Candidate]":
    """Return those of them who chose what was asked for."""
    if filters.asks_start:
        found = found.filter(available__lte=filters.available)
    if filters.asks_education:
        found = found.filter(education__gte=filters.education)
    if filters.moves:
        found = found.filter(moving__in=(Moving.STATE, Moving.ANYWHERE))
    if filters.served:
        found = found.filter(service__in=SERVED)
    for name in ("electronics", "it", "clinical"):
        if getattr(filters, name):
            found = found.filter(**{f"knows_{name}": True})
    return found


def find(filters: Filters, after: Key | None = None) -> Found:
    """Return one page after a key; the first page also counts, up to a cap, and says where those counted are."""
    shown = Candidate.objects.shown()
    placed = _placed(shown, filters)
    people = _choosing(placed, filters)
    counted, rest = ([], None) if after else _counted(placed, people, filters)
    if after or (filters.origin and filters.newest_first):
        keys = list(islice(_keys(people, filters, after, PAGE + 1), PAGE + 1))
    elif rest and len(counted) <= PAGE:
        counted += islice(rest, PAGE + 1 - len(counted))
        rest = rest if len(counted) > PAGE else None
        keys = counted
    else:
        keys = counted[: PAGE + 1]
    return Found(
        rows=[blind(row, filters.origin) for row in _loaded(shown, [key.id for key in keys[:PAGE]])],
        next_key=str(keys[PAGE - 1]) if len(keys) > PAGE else "",
        count=min(len(counted), COUNTED),
        is_more=len(counted) > COUNTED or rest is not None,
        states=dict(Counter(key.state for key in counted[:COUNTED])),
    )


def _counted(
    placed: "QuerySet[Candidate]", people: "QuerySet[Candidate]", filters: Filters
) -> tuple[list[Key], Iterator[Key] | None]:
    """Return the nearest, or the newest where no distance was asked for, and one more than are counted.

    Of rare choices only so many places or people are looked at; what lies beyond is read when it is asked for.
    """
    if filters.origin:
        codes = nearby(filters.origin, filters.miles)
        is_cut = filters.is_rare and _is_crowded(placed, codes[:COUNTED_CODES])
        most = COUNTED_CODES if is_cut else len(codes)
        counted = list(_nearest(people, codes[:most], None, COUNTED + 1, FIRST_CODES_COUNTED))
        beyond = _nearest(people, codes[most:], None, PAGE + 1, FIRST_CODES_COUNTED)
        return counted, beyond if codes[most:] else None
    horizon = _horizon(placed) if filters.is_rare else None
    if horizon is None:
        return list(_newest(people, filters, None, COUNTED + 1)), None
    counted = list(_newest(people.filter(confirmed_at__gte=horizon), filters, None, COUNTED + 1))
    return counted, _newest(people.filter(confirmed_at__lt=horizon), filters, None, PAGE + 1)


def _is_crowded(placed: "QuerySet[Candidate]", codes: tuple[str, ...]) -> bool:
    """Tell whether more than CROWD live in these ZIP codes."""
    return placed.filter(zip_code__in=codes).order_by()[: CROWD + 1].count() > CROWD


def _horizon(placed: "QuerySet[Candidate]") -> dt.datetime | None:
    """Return since when the newest COUNTED_PEOPLE of the place are, or None if there are no more."""
    newest = placed.order_by("-confirmed_at", "-id").values_list("confirmed_at", flat=True)
    return next(iter(newest[COUNTED_PEOPLE : COUNTED_PEOPLE + 1]), None)


def _keys(people: "QuerySet[Candidate]", filters: Filters, after: Key | None, wanted: int) -> Iterator[Key]:
    if filters.by_distance:
        return _nearest(people, nearby(filters.origin, filters.miles), after, wanted, FIRST_CODES)
    return _newest(people, filters, after, wanted)


def _newest(people: "QuerySet[Candidate]", filters: Filters, after: Key | None, wanted: int) -> Iterator[Key]:
    rows = _after(_near(people, filters), after).values_list(*_LIGHT)[:wanted]
    yield from map(_key, rows)


def within(filters: Filters) -> "QuerySet[Candidate]":
    """Return everybody who fits, within the distance too, newest first."""
    return _near(matching(filters), filters)


def _near(people: "QuerySet[Candidate]", filters: Filters) -> "QuerySet[Candidate]":
    if filters.origin:
        people = people.filter(zip_code__in=nearby(filters.origin, filters.miles))
    return people.order_by("-confirmed_at", "-id")


def blind(candidate: Candidate, origin: str) -> Blind:
    """Return what a partner sees of somebody, measured from a ZIP code, or from nowhere ("")."""
    return Blind(candidate=candidate, miles=miles_from(origin, candidate.zip_code) if origin else None)


def _after(found: "QuerySet[Candidate]", key: Key | None) -> "QuerySet[Candidate]":
    """Return the rows after a key; the first condition alone is what an index can begin at."""
    if key is None:
        return found
    return found.filter(confirmed_at__lte=key.moment).filter(
        Q(confirmed_at__lt=key.moment) | Q(id__lt=key.id)
    )


_LIGHT = ("zip_code", "confirmed_at", "id", "state")


def _key(row: tuple[Any, ...]) -> Key:
    return Key(zip_code=row[0], moment=row[1], id=row[2], state=row[3])


def _nearest(
    found: "QuerySet[Candidate]", codes: tuple[str, ...], after: Key | None, wanted: int, size: int
) -> Iterator[Key]:
    """Yield keys in the order of the ZIP codes, then newest first, until there are as many as wanted."""
    start = 0
    if after is not None:
        if after.zip_code not in codes:
            return
        start = codes.index(after.zip_code)
        same = _after(found.filter(zip_code=after.zip_code), after).order_by("-confirmed_at", "-id")
        for row in same.values_list(*_LIGHT)[:wanted]:
            yield _key(row)
            wanted -= 1
        start += 1
    while wanted > 0 and start < len(codes):
        part = codes[start : start + size]
        place = {code: number for number, code in enumerate(part)}
        light = found.filter(zip_code__in=part).order_by("-confirmed_at", "-id")
        rows = sorted(light.values_list(*_LIGHT), key=lambda row: place[row[0]])
        yield from map(_key, rows[:wanted])
        wanted -= len(rows)
        start, size = start + size, size * GROWTH


def _loaded(shown: "QuerySet[Candidate]", ids: list[uuid.UUID]) -> list[Candidate]:
    """Return the rows in the order of their ids; who stopped a moment ago is none of them."""
    rows = shown.only(*COLUMNS).in_bulk(ids)
    return [rows[row_id] for row_id in ids if row_id in rows]
