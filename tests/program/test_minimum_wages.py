from datetime import date
from decimal import Decimal

import pytest
import us
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apprenticeship.program.models import FundingFact, MinimumWage

pytestmark = pytest.mark.django_db


def test_seeded_rows_are_valid_and_name_their_source():
    for row in MinimumWage.objects.all():
        row.full_clean()
        assert row.source_name
        assert row.verified_on == date(2026, 11, 1)


def test_row_is_named_by_place_rate_and_day():
    row = MinimumWage.objects.get(jurisdiction="AK", effective_from=date(2027, 7, 1))
    assert str(row) == "Alaska $15.00 from Jul 1, 2027"


def test_unconfirmed_rows_say_so():
    marked = {row.pk for row in MinimumWage.objects.all() if row.note.startswith("Unconfirmed")}

    assert marked == set(MinimumWage.objects.filter(is_confirmed=False).values_list("pk", flat=True))


def test_every_state_and_dc_has_a_general_rate_at_least_federal():
    general = MinimumWage.objects.filter(sector="", effective_from__lte=date(2026, 11, 22))
    states = set(general.values_list("jurisdiction", flat=True))

    assert {state.abbr for state in us.states.STATES} | {"DC", "GU", "PR", "VI", "US"} == states
    assert not general.filter(rate__lt=Decimal("7.25")).exists()


def test_rows_of_one_series_never_overlap():
    ends: dict[tuple[str, str], date | None] = {}
    for row in MinimumWage.objects.filter(is_confirmed=True).order_by(
        "jurisdiction", "sector", "effective_from"
    ):
        end = ends.get((row.jurisdiction, row.sector))
        assert end is None or end < row.effective_from
        ends[(row.jurisdiction, row.sector)] = row.known_through


def test_for_states_adds_the_federal_rows():
    found = MinimumWage.objects.for_states(["CA"]).values_list("jurisdiction", flat=True)

    assert set(found) == {"US", "CA"}


def test_rate_must_be_positive_and_start_before_its_end():
    row = MinimumWage.objects.filter(jurisdiction="MN").get()

    for change in ({"rate": 0}, {"known_through": date(2025, 12, 31)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MinimumWage.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"sector": "ca_health_large"}, "sector"), ({"known_through": None}, "known_through")],
)
def test_state_row_is_refused_with_what_does_not_fit(change, field):
    row = MinimumWage.objects.filter(jurisdiction="MN").get()
    for name, value in change.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert list(caught.value.message_dict) == [field]


def test_funding_facts_show_what_applies_in_the_states():
    everywhere = set(FundingFact.objects.filter(states=""))

    assert set(FundingFact.objects.for_states([])) == everywhere
    assert {f.title for f in set(FundingFact.objects.for_states(["RI"])) - everywhere} == {
        "Rhode Island non-trade apprenticeship incentive"
    }


def test_funding_facts_never_repeat_the_bill_that_is_no_law():
    for fact in FundingFact.objects.all():
        fact.full_clean()
        assert "National Apprenticeship Act" not in fact.title + fact.text


def test_funding_fact_tidies_its_states_and_refuses_unknown_ones():
    fact = FundingFact.objects.first()
    fact.states = " ri, ny ,"
    fact.full_clean()
    assert fact.state_codes == ("RI", "NY")

    fact.states = "RI,XX"

    with pytest.raises(ValidationError, match="Unknown postal code: XX"):
        fact.full_clean()
