"""Write SVG elements with the classes that a page colors, and for paper with literal colors as well."""

from dataclasses import dataclass
from html import escape

MUTED, TEXT, BRAND = "#4a6270", "#14232e", "#0b5d7a"
LINE, NOW, ERROR = "#d3dde3", "#9a5200", "#b42318"

STROKES = {"grid": LINE, "full": NOW, "floor": ERROR, "step": BRAND}
FILLS = {"": MUTED, "value": TEXT, "full-text": NOW, "floor-text": ERROR}


class Svg(str):
    """Markup that template engines print as it is; every text in it is escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@dataclass(frozen=True, slots=True)
class Ink:
    root: str  # attributes of the svg element
    is_literal: bool  # colors and type as attributes too; where a page shows a paper its classes prevail

    def line(self, kind: str, path: str, dash: str = "") -> str:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        look = f'class="{kind}"'
        if self.is_literal:
            look += f' stroke="{STROKES[kind]}"'
        if kind == "step":
            look += ' stroke-width="3"'
        return f'<path {look} d="{path}" fill="none"{dashes}/>'

    def area(self, path: str) -> str:
        color = f' fill="{BRAND}"' if self.is_literal else ""
        return f'<path class="area" d="{path}"{color} opacity=".12"/>'

    def text(self, kind: str, x: float, y: float, content: str, anchor: str) -> str:
        look = f' class="{kind}"' if kind else ""
        if self.is_literal:
            weight = ' font-weight="600"' if kind == "value" else ""
            look += f' fill="{FILLS[kind]}" font-size="12"{weight}'
        return f'<text{look} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(content)}</text>'


def page_ink() -> Ink:
    """Return ink that leaves colors to portal.css."""
    return Ink('class="chart"', is_literal=False)


def paper_ink() -> Ink:
    """Return ink with literal colors and type, for engines that read no page style."""
    root = 'xmlns="http://www.w3.org/2000/svg" width="380" height="205" font-family="sans-serif"'
    return Ink(root, is_literal=True)
