"""The tile map of the states."""

from apprenticeship.program.regions import STATE_NAMES
from apprenticeship.tile_map import tile_map


def test_every_state_and_territory_has_one_tile_of_its_own() -> None:
    tiles = tile_map({}).tiles
    assert sorted(tile.state for tile in tiles) == sorted(STATE_NAMES)
    assert len({(tile.x, tile.y) for tile in tiles}) == len(STATE_NAMES)
    assert {(tile.text, tile.shade, tile.url) for tile in tiles} == {("", 0, "")}


def test_tiles_say_their_count_and_lead_to_their_state() -> None:
    found = tile_map({"MN": 1200, "WI": 300, "PR": 7}, url=lambda state: f"?state={state}", chosen="TX")
    by_state = {tile.state: (tile.text, tile.shade, tile.url, tile.is_chosen) for tile in found.tiles}
    assert by_state["MN"] == ("1,200", 4, "?state=MN", False)
    assert by_state["WI"] == ("300", 2, "?state=WI", False)
    assert by_state["PR"] == ("7", 1, "?state=PR", False)
    assert by_state["TX"] == ("", 0, "?state=TX", True)
    assert by_state["OH"] == ("", 0, "", False)
    assert [tile.name for tile in found.counted] == ["Minnesota", "Puerto Rico", "Wisconsin"]
