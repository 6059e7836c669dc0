"""Pages through Django's test client: milliseconds, queries, and how many times the floor."""

import cProfile
import pstats
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apprenticeship.accounts.models import User
from employers.models import Onboarding
from employers.onboarding import State
from tests.bench import floors, table
from tests.people import browser

WARM_UP = 3
FLOOR = "floor page"


@dataclass
class Page:
    """One page with what it cost, and the floor it is compared with."""

    name: str
    client: Client
    url: str
    floor: str = FLOOR
    milliseconds: float = 0.0
    queries: int = 0


def measure(requests: int) -> None:
    """Print what every page costs. All pages take turns, so that a busy moment of the machine hits all."""
    pages = {page.name: page for page in all_pages()}
    samples: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(WARM_UP + requests):
        for page in pages.values():
            spent = fetch(page)
            if number >= WARM_UP:
                samples[page.name].append(spent)
    for page in pages.values():
        page.milliseconds = statistics.median(samples[page.name]) * 1000
        page.queries = count_queries(page)
    rows = [
        (
            page.name,
            f"{page.milliseconds:.1f}",
            page.queries,
            page.floor,
            f"{page.milliseconds / pages[page.floor].milliseconds:.2f}",
        )
        for page in pages.values()
    ]
    table.show(
        f"Pages, median of {requests} requests", ("page", "ms", "queries", "compared with", "ratio"), rows
    )


def all_pages() -> Iterator[Page]:
    """Yield the floors, an employer's pages and the desk."""
    employer, reviewer = (signed_in(f"{name}@example.org") for name in ("employer", "reviewer"))
    yield Page(FLOOR, employer, reverse("floor-page"))
    for slug in floors.FORMS:
        yield Page(f"floor form {slug}", employer, reverse("floor-form", args=[slug]))
    yield Page("task list", employer, reverse("employers:tasks"))
    for slug in floors.FORMS:
        url = reverse("employers:wages") if slug == "wages" else reverse("employers:step", args=[slug])
        yield Page(slug, employer, url, f"floor form {slug}")
    for name in ("approval", "team", "mail", "papers"):
        url = reverse("employers:step", args=[name]) if name == "approval" else reverse(f"employers:{name}")
        yield Page(name, employer, url)
    case = Onboarding.objects.filter(state=State.REVIEW).first()
    assert case
    yield Page("admin front page", reviewer, reverse("admin:index"))
    yield Page("admin queue", reviewer, reverse("admin:employers_onboarding_changelist"))
    yield Page("admin review", reviewer, reverse("admin:employers_onboarding_change", args=[case.pk]))


def signed_in(email: str) -> Client:
    """Return a client in which somebody is signed in."""
    return browser(User.objects.get(email=email))


def fetch(page: Page) -> float:
    """Return the seconds of processor time that one request takes."""
    started = time.process_time()
    response = page.client.get(page.url)
    spent = time.process_time() - started
    assert response.status_code == 200, f"{page.name}: {response.status_code}"
    return spent


def count_queries(page: Page) -> int:
    """Return how many queries one request makes."""
    with CaptureQueriesContext(connection) as queries:
        fetch(page)
    return len(queries)


def profile(name: str, requests: int) -> None:
    """Print the functions in which a page spends its time."""
    page = next(page for page in all_pages() if page.name == name)
    fetch(page)
    profiler = cProfile.Profile()
    profiler.enable()
    for _number in range(requests):
        fetch(page)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)
