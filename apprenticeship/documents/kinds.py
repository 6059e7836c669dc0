"""The kinds of paper: each is a template and the part of it that screen and PDF share."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AGREEMENT = "employer_agreement"
WAGE_SCHEDULE = "wage_schedule"
SUMMARY = "application_summary"
FINAL_AGREEMENT = "final_agreement"
ETA_671 = "eta_671"
QUESTION_PACK = "question_pack"

LABELS: dict[str, str | Promise] = {
    AGREEMENT: _("Employer Agreement"),
    WAGE_SCHEDULE: _("Wage schedule"),
    SUMMARY: _("Application summary"),
    FINAL_AGREEMENT: _("Employer Agreement, sealed"),
    ETA_671: _("ETA-671, sponsor-side data"),
    QUESTION_PACK: _("What the eight steps ask"),
}

# Papers that are sealed once they are made.
SEALED = frozenset({FINAL_AGREEMENT})

_PREPARE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def prepare_with(kind: str, prepare: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let an app add what it draws from the facts of a kind, such as a chart, to the template's context."""
    _PREPARE[kind] = prepare


def template(kind: str) -> str:
    """Return the template of the whole paper. Raises LookupError for a kind nobody knows."""
    return f"documents/{_known(kind)}.html"


def body_template(kind: str) -> str:
    """Return the template of the part that screen and PDF share."""
    return f"documents/parts/{_known(kind)}_body.html"


def context(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return what a paper's templates may use: `paper` with its facts, and what its app draws."""
    prepare = _PREPARE.get(kind)
    return {"paper": data, "kind_label": LABELS[_known(kind)]} | (prepare(data) if prepare else {})


def _known(kind: str) -> str:
    """Return the kind itself, if it is one."""
    if kind not in LABELS:
        raise LookupError(f"No such kind of paper: {kind}")
    return kind
