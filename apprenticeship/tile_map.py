"""A tile map of the states: one square a state and territory, as many as count there, no map data needed.

Draw it with `{% include "includes/tile_map.html" with map=… %}`. Pure: no models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apprenticeship.program.regions import STATE_NAMES

TILE = 44  # units of the drawing
STEP = 48
# Read like a map, north on top; the islands stand in the last row. A dot is a gap.
GRID = """
AK .  .  .  .  .  .  .  .  .  ME
.  .  .  .  .  WI .  .  .  VT NH
WA ID MT ND MN IL MI .  NY MA .
OR NV WY SD IA IN OH PA NJ CT RI
CA UT CO NE MO KY WV VA MD DE .
.  AZ NM KS AR TN NC SC DC .  .
.  .  .  OK LA MS AL GA .  .  .
HI .  .  TX .  .  .  .  FL .  .
GU MP AS PW .  .  .  .  .  PR VI
"""
# The share of the highest count up to which a tile has this shade, 1 to 4.
SHADES = (0.1, 0.3, 0.6, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One state."""

    state: str
    name: str
    x: int
    y: int
    text: str  # what stands in the tile and in the table: a count, or "" for none
    shade: int  # 0 for none, 4 for the most
    url: str = ""
    is_chosen: bool = False

    @property
    def middle(self) -> int:
        """Where its words are centered."""
        return self.x + TILE // 2

    @property
    def name_line(self) -> int:
        """The line on which its two letters stand."""
        return self.y + TILE // 2 - 2

    @property
    def count_line(self) -> int:
        """The line on which its count stands."""
        return self.y + TILE - 9


@dataclass(frozen=True, slots=True, kw_only=True)
class TileMap:
    """The tiles in the order of the map."""

    tiles: tuple[Tile, ...]

    @property
    def counted(self) -> list[Tile]:
        """The tiles that count something, by the state's name: the table beside the map."""
        return sorted((tile for tile in self.tiles if tile.text), key=lambda tile: tile.name)

    @property
    def box(self) -> str:
        """The viewBox of the drawing."""
        rows = GRID.split("\n")[1:-1]
        return f"-2 -2 {len(rows[0].split()) * STEP} {len(rows) * STEP}"


def tile_map(
    counts: Mapping[str, int],
    *,
    url: Callable[[str], str] | None = None,
    chosen: str = "",
) -> TileMap:
    """Return the map of counts by two-letter code. `url(state)` makes every counted tile, and the chosen, a link."""
    highest = max(counts.values(), default=0)
    tiles = []
    for row, line in enumerate(GRID.split("\n")[1:-1]):
        for column, state in enumerate(line.split()):
            if state == ".":
                continue
            count = counts.get(state, 0)
            tiles.append(
                Tile(
                    state=state,
                    name=STATE_NAMES[state],
                    x=column * STEP,
                    y=row * STEP,
                    text=f"{count:,}" if count else "",
                    shade=_shade(count, highest),
                    url=url(state) if url and (count or state == chosen) else "",
                    is_chosen=state == chosen,
                )
            )
    return TileMap(tiles=tuple(tiles))


def _shade(count: int, highest: int) -> int:
    """Return 0 for none, else 1 to 4 by the share of the highest count."""
    if not count:
        return 0
    return next(shade for shade, share in enumerate(SHADES, start=1) if count <= highest * share)
