"""Charts that the server draws: SVG by attributes, colors from the page's classes, a table behind each. Pure."""

from apprenticeship.charts.bars import Bar, BarChart, Legend, Segment, bar_chart
from apprenticeship.charts.columns import Column, ColumnChart, Series, column_chart
from apprenticeship.charts.strips import Cell, Strip, StripChart, strip_chart

__all__ = [
    "Bar",
    "BarChart",
    "Cell",
    "Column",
    "ColumnChart",
    "Legend",
    "Segment",
    "Series",
    "Strip",
    "StripChart",
    "bar_chart",
    "column_chart",
    "strip_chart",
]
