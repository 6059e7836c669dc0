"""Invented candidates in real places, as many as wanted. Sample data: no such people exist."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import lru_cache

import zipcodes
from django.utils import timezone

from apprentices.choices import Available, Education, Heard, Moving, Service, Travel, Work
from apprentices.interest import Profile
from apprentices.models import Candidate, ConsentText
from apprenticeship.program.regions import region_of

FIRST = (
    "Aaliyah", "Andre", "Bianca", "Caleb", "Carmen", "Chidi", "Dakota", "Dmitri", "Elena", "Emmanuel", "Fatima",
    "Gabriel", "Grace", "Hassan", "Imani", "Isaac", "Jasmine", "Jorge", "Kayla", "Keoni", "Latoya", "Liam", "Linh",
    "Malik", "Marisol", "Nathan", "Noor", "Olivia", "Omar", "Paige", "Quentin", "Renee", "Rosa", "Samuel", "Sofia",
    "Terrell", "Uma", "Victor", "Wendy", "Xavier", "Yusuf", "Zoe",
)  # fmt: skip
LAST = (
    "Abbott", "Begay", "Castillo", "Chen", "Diaz", "Eriksen", "Foster", "Garcia", "Haddad", "Hoang", "Ibrahim",
    "Jackson", "Kaplan", "Kowalski", "Lindgren", "Lopez", "Martin", "Mensah", "Nakamura", "Nguyen", "O’Brien",
    "Okafor", "Patel", "Quinn", "Rivera", "Rossi", "Santos", "Schmidt", "Tran", "Turner", "Underwood", "Vargas",
    "Walker", "Washington", "Xiong", "Young", "Zimmerman",
)  # fmt: skip
# Where most sample people live, some near each sample employer.
TOWNS = (
    "55805", "55811", "54880", "55407", "55102", "53202", "53703", "60601", "60612", "50314", "50309", "68102",
    "63104", "64111", "48202", "43215", "45219", "46202", "02139", "01602", "06510", "10029", "10451", "14203",
    "07103", "00918", "03101", "04101", "19104", "15213", "21201", "20010", "23219", "25301", "30303", "33136",
    "33607", "32204", "37203", "38103", "28202", "29203", "35233", "40202", "39201", "70503", "70112", "72205",
    "73104", "75235", "77030", "78229", "80204", "84132", "87102", "59101", "58102", "57105", "85006", "86004",
    "89102", "90033", "92103", "94601", "95817", "97209", "98104", "99204", "83702", "99508", "96813", "96910",
)  # fmt: skip
EXPERIENCE = (
    "", "", "", "I repair radios and guitar amplifiers and read schematics.",
    "Two years as a patient transporter; I know how a hospital works.",
    "Help desk for a school district, CompTIA A+.", "Avionics technician in the Air Force, soldering certified.",
    "I built and fix 3D printers and the electronics club’s oscilloscopes.",
    "Field service of vending machines and coffee machines.", "Army medic, kept ventilators and pumps ready.",
    "Certified nursing assistant, evening shifts.", "Associate courses in electronics, one term to go.",
)  # fmt: skip


def profile(dice: random.Random) -> Profile:
    """Return what a sample person says."""
    return Profile(
        available=dice.choice(Available.values),
        travel=dice.choice(Travel.values),
        moving=dice.choices(Moving.values, (6, 2, 2))[0],
        education=dice.choices(Education.values, (1, 6, 4, 3, 3, 2))[0],
        knows_electronics=dice.random() < 0.4,
        knows_it=dice.random() < 0.3,
        knows_clinical=dice.random() < 0.25,
        about=dice.choice(EXPERIENCE),
        service=dice.choices(["", *Service.values], (2, 14, 3, 1))[0],
        work=dice.choices(["", *Work.values], (3, 1, 3, 8))[0],
        heard_from=dice.choice(Heard.values),
        wants_openings=dice.random() < 0.5,
    )


def person(number: int) -> tuple[str, str]:
    """Return the name and address of the sample person with this number."""
    first = FIRST[number % len(FIRST)]
    name = f"{first} {LAST[number // len(FIRST) % len(LAST)]}"
    return name, f"{first.lower()}.{number}@example.org"


@lru_cache(maxsize=1)
def _places() -> list[tuple[str, str, str, int, float, float]]:
    """Return every ZIP code with a region and a position."""
    found = []
    for row in zipcodes.list_all():
        region = region_of(row["state"])
        if region and float(row["lat"] or 0):
            position = float(row["lat"]), float(row["long"])
            found.append((row["zip_code"], row["city"], row["state"], region.number, *position))
    return found


def rows(count: int, consent: ConsentText, *, seed: int = 1) -> Iterator[Candidate]:
    """Yield unsaved candidates who share, spread over all ZIP codes and the last 89 days."""
    dice, now = random.Random(seed), timezone.now()  # noqa: S311 - sample data
    for number in range(count):
        zip_code, city, state, region, latitude, longitude = dice.choice(_places())
        name, email = person(number)
        said = replace(
            profile(dice), about=f"{dice.choice(EXPERIENCE)} Trained on kit{dice.randrange(2000):04}."
        )
        moment = now - dt.timedelta(seconds=dice.uniform(0, 89 * 24 * 3600))
        yield Candidate(
            name=name, email=email, zip_code=zip_code, city=city, state=state, region=region, latitude=latitude,
            longitude=longitude, is_of_age=True, asked_age=16, consent=consent, consented_at=moment,
            status=Candidate.Status.CONFIRMED, confirmed_at=moment, heard_at=moment, created_at=moment,
            **asdict(said),
        )  # fmt: skip
