import pytest
import us

from apprenticeship.program.regions import REGIONS, STATE_NAMES, TERRITORIES, region_of, state_name
from apprenticeship.program.sectors import SECTORS, sectors_of


def test_every_state_and_territory_has_one_region():
    states = [state for region in REGIONS for state in region.states]

    assert len(states) == len(set(states))
    assert set(states) == set(STATE_NAMES)


def test_names_agree_with_the_census_list():
    for state in [*us.states.STATES, us.states.DC]:
        assert STATE_NAMES[state.abbr] == state.name
    assert set(STATE_NAMES) - TERRITORIES == {state.abbr for state in us.states.STATES} | {"DC"}


@pytest.mark.parametrize(
    ("state", "region"),
    [
        ("NY", "Boston"),
        ("dc", "Philadelphia"),
        (" TX ", "Dallas"),
        ("GU", "San Francisco"),
        ("OH", "Chicago"),
    ],
)
def test_region_of_a_state(state, region):
    assert region_of(state).name == region


def test_unknown_code_has_no_region_and_keeps_its_name():
    assert region_of("XX") is None
    assert state_name("XX") == "XX"


def test_only_california_asks_for_a_sector():
    assert sectors_of("CA") == SECTORS
    assert sectors_of("NY") == ()
