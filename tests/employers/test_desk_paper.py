"""The paper beside the answers: which one lies open, that it says what its PDF says, and who may read it."""

# ruff: noqa: F811  # fixtures are asked for by the names they are imported under

from __future__ import annotations

import datetime as dt
import re
import subprocess
import time
import uuid
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any
from unittest.mock import Mock

import lxml.html
import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from PIL import Image

from apprenticeship.accounts.models import User
from apprenticeship.celery import app
from apprenticeship.documents import kinds, page_pictures
from apprenticeship.documents.models import Document
from apprenticeship.documents.page_pictures import Unfinished
from apprenticeship.documents.rendering import body_html
from apprenticeship.records.models import Event
from apprenticeship.records.queues import work_off_everything
from employers import desk, scan_pictures
from employers.models import Agreement, Amendment, Employer, FundingSource, Onboarding, PaperScan
from employers.onboarding import Part, State
from employers.samples import hospitals
from employers.samples.journey import Journey
from employers.tasks import draw_scans
from tests.employers.by_hand import in_review, judge, owner_client, ready  # noqa: F401  # fixtures
from tests.employers.desk_fixtures import page_of, resubmitted
from tests.pages import Page, visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db
Counter = Callable[[int], Any]

LIVE = {"HX-Request": "true"}
TABS = "//ul[contains(@class, 'desk-sheets')]/li"
OPEN = f"{TABS}/a[@aria-current]"
SHEET = "//*[@role='region']"


@pytest.fixture
def client(reviewer: User) -> Client:
    """The reviewer's browser."""
    return browser(reviewer)


@pytest.fixture
def case(journey: Journey) -> Onboarding:
    """A case that waits for a countersignature, its papers made."""
    onboarding = journey.to(State.REVIEW)
    work_off_everything()
    return onboarding


def paper_of(kind: str) -> Document:
    """Return the newest paper of a kind."""
    document: Document = Document.objects.filter(kind=kind).latest("created_at")
    return document


def words(html: str) -> str:
    """Return what HTML says, with single spaces."""
    return " ".join(lxml.html.fromstring(f"<div>{html}</div>").text_content().split())


def printed(document: Document) -> str:
    """Return what a paper prints below its title."""
    return words(body_html(document.kind, document.data))


def part_of(onboarding: Onboarding, document: Any) -> str:
    """Return the address of one paper."""
    return f"{page_of(onboarding).removesuffix('change/')}paper/{document.pk}/"


def live(client: Client, url: str) -> Page:
    """Return the pane as htmx gets it."""
    return Page(client.get(url, headers=LIVE))


def test_agreement_lies_open_and_says_what_its_pdf_says(case: Onboarding, client: Client) -> None:
    page, document = visit(client, page_of(case)), paper_of(kinds.AGREEMENT)
    assert page.words(TABS) == ["Employer Agreement", "Wage schedule", "Application summary"]
    assert page.words(OPEN) == ["Employer Agreement"]
    assert page.words(SHEET) == [f"Employer Agreement {printed(document)}"]
    [region] = page.tree.xpath(SHEET)
    assert (region.get("tabindex"), region.get("aria-label")) == (
        "0", f"Employer Agreement, version 1, {document.code}",
    )  # fmt: skip
    [facts] = page.words("//*[@class='desk-pane-facts']")
    assert facts == (
        f"Ready Employer Agreement (PDF, {document.pages} pages) "
        f"{document.code} · version 1 · signed by the employer alone, not sealed"
    )
    assert f"/documents/{document.pk}/" in page.tree.xpath("//*[@class='desk-pane-facts']//a/@href")


def test_paper_stays_as_it_was_signed(case: Onboarding, client: Client) -> None:
    Employer.objects.filter(pk=case.employer_id).update(legal_name="Another Name")
    [said] = visit(client, page_of(case)).words(SHEET)
    assert (hospitals.LAKESIDE.name in said, "Another Name" in said) == (True, False)


@pytest.mark.parametrize("kind", [kinds.WAGE_SCHEDULE, kinds.SUMMARY])
def test_link_opens_another_paper_in_the_page_and_by_itself(
    kind: str, case: Onboarding, client: Client
) -> None:
    document, title = paper_of(kind), str(kinds.LABELS[kind])
    [link] = visit(client, page_of(case)).tree.xpath(f"{TABS}/a[.='{title}']")
    page, pane = visit(client, link.get("href")), live(client, link.get("hx-get"))
    assert (page.url, link.get("href").partition("#")[2] in page.ids) == (page_of(case), True)
    assert [row.words(OPEN) for row in (page, pane)] == [[title], [title]]
    assert [row.words(SHEET) for row in (page, pane)] == [[f"{title} {printed(document)}"]] * 2
    assert (pane.tree.get("id"), pane.tree.xpath("//form | //h1 | //h2")) == ("paper-pane", [])


def test_address_of_a_paper_leads_to_the_page_that_shows_it(case: Onboarding, client: Client) -> None:
    document = paper_of(kinds.WAGE_SCHEDULE)
    answer = client.get(part_of(case, document))
    assert answer["Location"] == f"{page_of(case)}?paper={document.pk}#paper"


@pytest.mark.parametrize("wish", ["nonsense", "", "00000000-0000-4000-8000-000000000000"])
def test_wish_that_names_no_paper_of_the_case_opens_the_agreement(
    wish: str, case: Onboarding, client: Client
) -> None:
    assert visit(client, f"{page_of(case)}?paper={wish}").words(OPEN) == ["Employer Agreement"]


def test_headings_and_ids_of_a_paper_fit_into_the_page(case: Onboarding, client: Client) -> None:
    for document in Document.objects.all():
        page = visit(client, f"{page_of(case)}?paper={document.pk}")
        levels = [int(row.tag[1]) for row in page.tree.xpath("//main//*[re:test(name(), '^h[1-6]$')]", namespaces={
            "re": "http://exslt.org/regular-expressions"
        })]  # fmt: skip
        assert levels.count(1) == 1
        assert [(one, two) for one, two in pairwise(levels) if two > one + 1] == []
        inside = page.tree.xpath(f"{SHEET}//*[starts-with(name(), 'h') and number(substring(name(), 2))]")
        assert {row.tag for row in inside} <= {"h3", "h4", "h5"}
        ids = page.tree.xpath("//@id")
        assert sorted(ids) == sorted(set(ids))


def test_paper_being_prepared_can_be_read_and_asks_until_its_pdf_is_ready(
    journey: Journey, client: Client
) -> None:
    case = journey.to(State.REVIEW)
    page, document = visit(client, page_of(case)), paper_of(kinds.AGREEMENT)
    [facts] = page.words("//*[@class='desk-pane-facts']")
    assert facts.startswith(f"Being prepared Employer Agreement {document.code}")
    assert page.words(SHEET) == [f"Employer Agreement {printed(document)}"]
    [asks] = page.tree.xpath("//*[@class='desk-pane-facts']//*[@hx-trigger='every 2s']")
    work_off_everything()
    answer = Page(client.get(asks.get("hx-get"), headers=LIVE))
    assert " ".join(answer.words(f"//*[@id='paper-{document.pk}']/*")).startswith(
        "Ready Employer Agreement (PDF"
    )


def test_case_that_was_never_signed_says_what_will_be_read_here(journey: Journey, client: Client) -> None:
    page = visit(client, page_of(journey.to(State.MENTOR)))
    [said] = page.words("//*[@id='paper-pane']")
    assert said.startswith("Nothing to read yet. The agreement and its wage schedule become papers when")
    assert page.tree.xpath(SHEET) == []


def test_signed_but_not_submitted_says_which_paper_is_not_made(journey: Journey, client: Client) -> None:
    page = visit(client, page_of(journey.to(State.SUBMISSION)))
    assert page.words(TABS) == ["Employer Agreement", "Wage schedule", "Application summary: not made yet"]


def test_earlier_paper_can_still_be_read(
    case: Onboarding, client: Client, reviewer: User, owner: User
) -> None:
    first = paper_of(kinds.SUMMARY)
    changed = desk.request_changes(case, by=reviewer, notes={Part.FUNDING: "Which grant?"}, message="")
    FundingSource.objects.filter(employer=case.employer).update(name="State grant 7")
    again = resubmitted(changed, owner)
    now = visit(client, f"{page_of(again)}?paper={paper_of(kinds.SUMMARY).pk}")
    [link] = now.tree.xpath(f"//section[@aria-labelledby='papers']//a[contains(@hx-get, '{first.pk}')]")
    before = live(client, link.get("hx-get"))
    assert [row.words(OPEN) for row in (now, before)] == [
        ["Application summary"], ["Application summary, version 1"],
    ]  # fmt: skip
    assert ["State grant 7" in row.words(SHEET)[0] for row in (now, before)] == [True, False]
    assert link.get("aria-label") == f"Read here: Application summary, version 1, {first.code}"


def test_paper_of_another_employer_is_not_found(
    case: Onboarding, client: Client, journey: Journey, reviewer: User
) -> None:
    other = Journey(hospitals.PRAIRIE, person("other@example.org"), reviewer, journey.manager)
    foreign = paper_of(kinds.AGREEMENT), other.to(State.REVIEW)
    assert client.get(part_of(foreign[1], foreign[0]), headers=LIVE).status_code == 404
    assert visit(client, f"{page_of(foreign[1])}?paper={foreign[0].pk}").words(OPEN) == ["Employer Agreement"]


def test_staff_who_may_not_read_papers_get_the_page_without_them(
    case: Onboarding, client: Client, reviewer: User
) -> None:
    watcher = person("watcher@example.org", "Wanda Watcher", staff="")
    watcher.is_staff = True
    watcher.save()
    watcher.user_permissions.set(Permission.objects.filter(codename="view_onboarding"))
    document = paper_of(kinds.AGREEMENT)
    page = visit(browser(watcher), page_of(case))
    assert (page.status, page.headline) == (200, hospitals.LAKESIDE.name)
    assert (page.tree.xpath("//*[@id='paper-pane']"), page.tree.xpath("//*[@href='#paper-pane']")) == ([], [])
    answers = [browser(who).get(part_of(case, document), headers=LIVE) for who in (watcher, reviewer)]
    assert [row.status_code for row in answers] == [403, 200]
    assert browser(watcher).get(f"/documents/{document.pk}/").status_code == 404


def test_final_paper_shows_the_agreement_with_both_signatures(journey: Journey, client: Client) -> None:
    case = journey.to(State.ACTIVE)
    page, final = visit(client, page_of(case)), paper_of(kinds.FINAL_AGREEMENT)
    [said] = page.words(SHEET)
    assert said == f"Employer Agreement, final {words(body_html(kinds.AGREEMENT, final.data))}"
    assert "Signed by both parties. Effective Date:" in said
    [facts] = page.words("//*[@class='desk-pane-facts']")
    assert final.code in facts
    assert "The PDF adds the wage schedule with its checks and the certificate of signature." in facts


def test_registration_adds_the_data_for_the_agency(journey: Journey, client: Client) -> None:
    case = journey.to(State.REGISTRATION)
    page, document = visit(client, page_of(case)), paper_of(kinds.ETA_671)
    assert page.words(TABS)[-1] == "ETA-671 data"
    pane = live(client, part_of(case, document))
    assert pane.words(SHEET) == [f"{document.title} {printed(document)}"]


def test_scan_lies_open_until_it_is_judged(in_review: Onboarding, client: Client) -> None:
    scan, page = PaperScan.objects.get(), visit(client, page_of(in_review))
    assert page.words(TABS)[:2] == ["Employer Agreement", "Signed scan"]
    assert page.words(OPEN) == ["Signed scan"]
    pictures = page.tree.xpath(f"{SHEET}/img")
    assert [row.get("alt") for row in pictures] == ["Page 1 of 2 of the scan", "Page 2 of 2 of the scan"]
    [facts] = page.words("//*[@class='desk-pane-facts']")
    assert facts.startswith("Not yet confirmed Open the scan (PDF, 2 pages)")
    assert scan.document.code in facts
    for row in pictures:
        answer = client.get(row.get("src"))
        picture = Image.open(BytesIO(answer.content))
        assert (answer["Content-Type"], picture.format, picture.height) == ("image/jpeg", "JPEG", 1650)
        assert "no-store" in answer["Cache-Control"]
    assert [row.data for row in Event.objects.filter(verb="paper_scan_opened")] == [{"scan": str(scan.pk)}]
    judge(client, "confirm")
    assert visit(client, page_of(in_review)).words(OPEN) == ["Employer Agreement"]


def opened() -> int:
    """Return how often somebody opened a scan, as the event log tells."""
    return Event.objects.filter(verb="paper_scan_opened").count()


def test_reading_any_page_is_noted_once_in_a_while(
    in_review: Onboarding, client: Client, journey: Journey
) -> None:
    first = f"/papers/scans/{PaperScan.objects.get().pk}/1/"
    second = first.replace("/1/", "/2/")
    noted = []
    for reader, page in ((client, second), (client, first), (browser(journey.owner), first)):
        assert reader.get(page).status_code == 200
        noted.append(opened())
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11), tick=True):
        client.get(first)
    assert [*noted, opened()] == [1, 1, 2, 3]


def replace(scan: PaperScan, content: bytes) -> None:
    """Put something else in the place of a scan."""
    with scan.file.storage.open(scan.file.name, "wb") as stored:
        stored.write(content)


def two_shades() -> bytes:
    """Return a PDF of a black page and a white one."""
    stored, (black, white) = BytesIO(), [Image.new("L", (85, 110), shade) for shade in (0, 255)]
    black.save(stored, "PDF", save_all=True, append_images=[white])
    return stored.getvalue()


@pytest.mark.parametrize("worker_first", [True, False])
def test_pages_are_drawn_by_one_process_and_kept_beside_the_scan(
    worker_first: bool, in_review: Onboarding, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, started, run = PaperScan.objects.get(), [], subprocess.run
    replace(scan, two_shades())
    monkeypatch.setattr(subprocess, "run", lambda *args, **how: (started.append(args), run(*args, **how))[1])
    if worker_first:
        draw_scans()
    pages = [client.get(f"/papers/scans/{scan.pk}/{number}/").content for number in (2, 1, 2)]
    draw_scans()
    shades = [Image.open(BytesIO(page)).convert("L").getpixel((9, 9)) for page in pages]
    assert (len(started), shades) == (1, [255, 0, 255])
    folder, file = scan.file.name.rsplit("/", 1)
    stem = file.removesuffix(".pdf")
    assert sorted(scan.file.storage.listdir(folder)[1]) == [f"{stem}-1.jpg", f"{stem}-2.jpg", file]


def asked(client: Client, address: str) -> tuple[int, str | None]:
    """Ask for a page; return the status and when to ask again."""
    answer = client.get(address)
    return answer.status_code, answer.headers.get("Retry-After")


def test_reader_is_told_to_ask_again_at_once_while_somebody_else_draws(
    in_review: Onboarding, client: Client
) -> None:
    scan = PaperScan.objects.get()
    key, first = f"scan-pictures:{scan.pk}", f"/papers/scans/{scan.pk}/1/"
    cache.set(key, scan_pictures.DRAWING)
    begun = time.monotonic()
    assert (asked(client, first), opened()) == ((202, "2"), 0)
    assert time.monotonic() - begun < 10  # on a busy machine; who draws may take 20 and more
    cache.delete(key)
    assert (asked(client, first), opened()) == ((200, None), 1)


SLOW, AWAY = subprocess.TimeoutExpired("draw", 20), OSError("no process can be started")


@pytest.mark.parametrize("trouble", [SLOW, AWAY])
def test_scan_that_took_too_long_is_left_alone_for_a_while_and_not_given_up(
    trouble: Exception, in_review: Onboarding, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = PaperScan.objects.get()
    key, first = f"scan-pictures:{scan.pk}", f"/papers/scans/{scan.pk}/1/"
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", Mock(side_effect=trouble))
        assert asked(client, first) == (202, "2")
    assert asked(client, first) == (202, "2")  # nobody draws at once again
    assert cache.get(key) == scan_pictures.UNFINISHED
    cache.delete(key)  # as time does, which Redis cannot be told to be over
    draw_scans()
    assert asked(client, first) == (200, None)


def test_worker_has_more_time_than_a_reader_and_less_than_its_task(
    in_review: Onboarding, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Mock(side_effect=Unfinished("The time was over."))
    monkeypatch.setattr(page_pictures, "drawn", drawn)
    scan = PaperScan.objects.get()
    for ask in (draw_scans, lambda: client.get(f"/papers/scans/{scan.pk}/1/")):
        ask()
        cache.clear()
    worker, reader = (call.kwargs["seconds"] for call in drawn.call_args_list)
    assert (reader, reader * 2 < worker < app.conf.task_soft_time_limit) == (20, True)


def test_one_bad_scan_leaves_the_others_their_turn(
    in_review: Onboarding, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scan, bad, read = PaperScan.objects.get(), another_scan(), PaperScan.read

    def read_but_one(row: PaperScan) -> bytes:
        if row.pk == bad.pk:
            raise PermissionError(f"{row.file} is closed")
        return read(row)

    monkeypatch.setattr(PaperScan, "read", read_but_one)
    draw_scans()
    assert [drawn(row) for row in (bad, scan)] == [0, 2]
    assert caplog.messages == [f"Scan {bad.pk} is not drawn: PermissionError"]


def another_scan() -> PaperScan:
    """Return a scan like the only one, uploaded a minute before it."""
    agreement, scan = Agreement.objects.get(), PaperScan.objects.get()
    agreement.pk, agreement.version, agreement.status = uuid.uuid4(), 7, Agreement.Status.VOID
    agreement.save(force_insert=True)
    return PaperScan.objects.create(
        agreement=agreement, document=scan.document, file=f"scans/{uuid.uuid4().hex}/other.pdf",
        pages=2, size=1, uploaded_at=scan.uploaded_at - dt.timedelta(minutes=1),
    )  # fmt: skip


def drawn(scan: PaperScan) -> int:
    """Return how many pages of a scan are drawn."""
    stem = scan.file.name.removesuffix(".pdf")
    return sum(scan.file.storage.exists(f"{stem}-{number}.jpg") for number in (1, 2))


def test_scan_that_cannot_be_drawn_is_tried_once_and_was_not_opened(
    in_review: Onboarding, client: Client
) -> None:
    scan = PaperScan.objects.get()
    whole = scan.read()
    for content in (b"%PDF-1.7 broken", whole):  # the second reader does not try again
        replace(scan, content)
        assert client.get(f"/papers/scans/{scan.pk}/1/").status_code == 404
    assert opened() == 0
    cache.delete(f"scan-pictures:{scan.pk}")
    assert (client.get(f"/papers/scans/{scan.pk}/1/").status_code, opened()) == (200, 1)


def test_storage_that_was_away_costs_one_try_and_no_more(
    in_review: Onboarding, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = f"/papers/scans/{PaperScan.objects.get().pk}/1/"
    with monkeypatch.context() as patched:
        patched.setattr(PaperScan, "read", Mock(side_effect=OSError("the storage is away")))
        with pytest.raises(OSError, match="away"):
            client.get(first)
    assert (client.get(first).status_code, opened()) == (200, 1)


def test_pages_of_a_scan_are_for_its_people_and_reviewers(
    in_review: Onboarding, client: Client, outsider: User, journey: Journey
) -> None:
    first = f"/papers/scans/{PaperScan.objects.get().pk}/1/"
    seen = [browser(who).get(first).status_code for who in (outsider, journey.owner)]
    assert (seen, client.get(first.replace("/1/", "/3/")).status_code) == ([404, 200], 404)


def test_amendment_has_its_own_version_beside_what_it_changes(
    signed_amendment: Amendment, client: Client
) -> None:
    address = f"/admin/employers/amendment/{signed_amendment.pk}/change/"
    page, document = visit(client, address), paper_of(kinds.AGREEMENT)
    assert (page.words(TABS), document.version) == (["Employer Agreement", "Wage schedule"], 2)
    assert page.words(SHEET) == [f"Employer Agreement {printed(document)}"]
    [link] = page.tree.xpath(f"{TABS}/a[.='Wage schedule']")
    pane = live(client, link.get("hx-get"))
    assert pane.words(SHEET) == [f"Wage schedule {printed(paper_of(kinds.WAGE_SCHEDULE))}"]
    assert re.sub(r"[^/]+/$", "", link.get("hx-get")) == address.replace("change/", "paper/")


@pytest.mark.parametrize("rows", [1, 30])
def test_pane_costs_the_same_for_one_paper_and_many(
    rows: int, case: Onboarding, client: Client, django_assert_num_queries: Counter
) -> None:
    document = paper_of(kinds.SUMMARY)
    for number in range(rows):
        Document.objects.create(
            kind=kinds.SUMMARY, title="Application", subject=case.employer, effect_key=f"print:{number}"
        )
    live(client, part_of(case, document))
    with django_assert_num_queries(8):
        live(client, part_of(case, document))


def test_wish_for_a_paper_that_is_none_costs_nothing(
    case: Onboarding, client: Client, django_assert_num_queries: Counter
) -> None:
    nobody = {"paper": "5b0c1a5e-0000-4000-8000-000000000000"}
    for wish in ({}, nobody):
        client.get(page_of(case), wish)
        with django_assert_num_queries(15):
            page = Page(client.get(page_of(case), wish))
        assert page.words(OPEN) == ["Employer Agreement"]
