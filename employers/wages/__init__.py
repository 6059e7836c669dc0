"""Wage schedules and their rules: pure functions over frozen values.

Nothing here knows a model, a request or a database; the only part of Django is gettext.
"""

from .chart import description, wage_chart
from .check import Answer, Check, Citation
from .floors import (
    FLOOR_FIELDS,
    Floor,
    FloorRow,
    FloorStep,
    Workplace,
    floor_for,
    floor_steps,
    period_start,
    start_at,
)
from .rules import count_raises, judge, period_messages, shape, summary, verdict, worst
from .schedule import (
    PERIODS_MAX,
    RATE_MAX,
    SAMPLE_JOURNEYWORKER_RATE,
    SAMPLE_PERCENTS,
    Period,
    Schedule,
    equal_periods,
    even_raises,
    percent_of_journeyworker,
    percent_pattern,
    sample_schedule,
    usable,
    wage_at,
)

__all__ = [
    "FLOOR_FIELDS",
    "PERIODS_MAX",
    "RATE_MAX",
    "SAMPLE_JOURNEYWORKER_RATE",
    "SAMPLE_PERCENTS",
    "Answer",
    "Check",
    "Citation",
    "Floor",
    "FloorRow",
    "FloorStep",
    "Period",
    "Schedule",
    "Workplace",
    "count_raises",
    "description",
    "equal_periods",
    "even_raises",
    "floor_for",
    "floor_steps",
    "judge",
    "percent_of_journeyworker",
    "percent_pattern",
    "period_messages",
    "period_start",
    "sample_schedule",
    "shape",
    "start_at",
    "summary",
    "usable",
    "verdict",
    "wage_at",
    "wage_chart",
    "worst",
]
