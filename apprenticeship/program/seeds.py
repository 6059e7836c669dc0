"""Read the seed files in `data/` as plain values for the data migration."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def program_values() -> dict[str, Any]:
    """Return the fields of the one program row."""
    values = _toml("program.toml")
    for name in ("related_instruction_cost", "apprentices_per_journeyworker"):
        values[name] = Decimal(values[name])
    return values


def agreement_values() -> dict[str, Any]:
    """Return the fields of the agreement template, version 1."""
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in _toml("agreement.toml").items()
    }


def funding_facts() -> Iterator[dict[str, Any]]:
    """Yield the fields of each funding fact, in the order of the file."""
    content = _toml("funding_facts.toml")
    for number, fact in enumerate(content["fact"], start=1):
        yield {**fact, "verified_on": content["verified_on"], "order": number * 10}


def change_reasons() -> Iterator[dict[str, Any]]:
    """Yield the fields of each sample reason, in the order of the file."""
    for number, reason in enumerate(_toml("change_reasons.toml")["reason"], start=1):
        yield {**reason, "position": number * 10, "is_sample": True}


def registration_agencies() -> Iterator[dict[str, Any]]:
    """Yield the fields of the agency of each state, in the order of the file."""
    content = _toml("registration.toml")
    for kind, states in content["states"].items():
        for state in states:
            own = content["own"].get(state, {})
            yield {"state": state, "kind": kind, "source_name": content["source"], "is_sample": True} | own


def checklist_items() -> Iterator[dict[str, Any]]:
    """Yield the fields of each sample item of the registration checklist, in the order of the file."""
    for number, item in enumerate(_toml("registration.toml")["item"], start=1):
        yield {**item, "position": number * 10, "is_sample": True}


def questions() -> Iterator[dict[str, Any]]:
    """Yield the fields of each question of the public pages, in the order of the file."""
    for number, question in enumerate(_toml("questions.toml")["question"], start=1):
        yield {**question, "position": number * 10}


def minimum_wages() -> Iterator[dict[str, Any]]:
    """Yield the fields of each minimum-wage row."""
    with (DATA / "minimum_wages.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {
                **row,
                "rate": Decimal(row["rate"]),
                "effective_from": date.fromisoformat(row["effective_from"]),
                "known_through": date.fromisoformat(row["known_through"]) if row["known_through"] else None,
                "is_confirmed": row["is_confirmed"] == "yes",
                "verified_on": date.fromisoformat(row["verified_on"]),
            }


def _toml(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)
