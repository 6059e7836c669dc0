"""The public pages: open to everybody, complete, in the words of the forms and settings, and for search engines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.pages import Page, visit

pytestmark = pytest.mark.django_db

PAGES = (
    "/", "/program/", "/steps/", "/steps/questions/", "/readiness/", "/partners/", "/future-apprentices/",
    "/interest/", "/verify/", "/privacy/",
)  # fmt: skip
READY = {
    "position": "yes", "mentor": "yes", "journeyworkers": "8", "apprentices": "2", "funding": "yes", "raises": "yes",
    "signatory": "yes",
}  # fmt: skip


@pytest.fixture
def pages(db: None) -> dict[str, Page]:
    """Every public page as a stranger sees it."""
    return {path: visit(Client(), path) for path in PAGES}


def test_each_page_has_its_own_title_description_and_address(pages: dict[str, Page]) -> None:
    heads = {
        path: (
            page.words("//title")[0],
            page.tree.xpath("//meta[@name='description']/@content")[0],
            page.tree.xpath("//link[@rel='canonical']/@href"),
        )
        for path, page in pages.items()
    }
    assert len({title for title, _description, _address in heads.values()}) == len(PAGES)
    assert len({description for _title, description, _address in heads.values()}) == len(PAGES)
    assert [50 <= len(description) <= 200 for _title, description, _address in heads.values()] == [
        True
    ] * len(PAGES)
    assert {path: address for path, (_t, _d, address) in heads.items()} == {
        path: [f"http://127.0.0.1:8000{path}"] for path in PAGES
    }
    assert [len(page.tree.xpath("//h1")) for page in pages.values()] == [1] * len(PAGES)


def test_search_engines_find_exactly_these_pages(pages: dict[str, Page], settings: Any) -> None:
    sitemap = Client().get("/sitemap.xml")
    assert sitemap["Content-Type"] == "application/xml"
    assert sorted(re.findall(r"<loc>(.*?)</loc>", sitemap.content.decode())) == sorted(
        settings.SITE_URL + path for path in PAGES
    )
    robots = Client().get("/robots.txt").content.decode()
    assert Client().get("/favicon.ico")["Location"] == "/static/img/mark.svg"
    closed = re.findall(r"Disallow: (\S+)", robots)
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots
    assert [path for path in PAGES for start in closed if path.startswith(start)] == []
    for path in ("/accounts/login/", "/interest/link/", "/no-such-page/", "/sign/done/"):
        page = Page(Client().get(path))
        assert page.tree.xpath("//meta[@name='robots']/@content") == ["noindex"], path


def test_every_link_leads_to_a_page_and_every_page_is_linked(pages: dict[str, Page]) -> None:
    linked = {link for page in pages.values() for link in page.tree.xpath("//a/@href | //form/@action")}
    inside = {link.partition("#")[0].partition("?")[0] for link in linked if link.startswith("/")}
    assert {path: visit(Client(), path).status for path in inside} == dict.fromkeys(inside, 200)
    assert set(PAGES) - inside == set()
    anchors = {
        (path, link)
        for path, page in pages.items()
        for link in page.tree.xpath("//a/@href")
        if link[0] == "#"
    }
    assert [(path, link) for path, link in anchors if link[1:] not in pages[path].ids] == []


def test_no_page_repeats_the_claim_that_the_act_of_2021_is_law(pages: dict[str, Page]) -> None:
    assert [path for path, page in pages.items() if "National Apprenticeship Act" in page.text] == []


def test_facts_and_answers_are_rows_that_staff_edit(pages: dict[str, Page]) -> None:
    from apprenticeship.program.models import FundingFact, Question

    page = pages["/program/"]
    for fact in FundingFact.objects.all():
        assert (fact.title in page.text, fact.source_name in page.text) == (True, True)
    assert page.text.count("verified on Nov 1, 2026") == FundingFact.objects.count()
    Question.objects.create(audience="employers", question="Is <b>this</b> new?", answer="One.\n\nTwo.")
    Question.objects.create(audience="apprentices", question="Only for apprentices?", answer="Yes.")
    Question.objects.create(audience="employers", question="Hidden?", answer="Yes.", is_shown=False)
    asked = visit(Client(), "/program/").words("//details/summary")
    assert ("Is <b>this</b> new?" in asked, "Only for apprentices?" in asked, "Hidden?" in asked) == (
        True, False, False,
    )  # fmt: skip
    assert "Only for apprentices?" in visit(Client(), "/future-apprentices/").text


def real_labels() -> Iterator[tuple[str, str]]:
    """Yield step and label of every control of the real pages of an employer who has entered nothing."""
    from employers.samples import hospitals
    from employers.samples.journey import Journey
    from tests.people import browser, person

    owner = person("new@example.org", "Nora New")
    Journey(hospitals.PINE, owner, owner, owner)
    client = browser(owner)
    for slug, number in (
        ("get-started", 1),
        ("position", 3),
        ("funding", 4),
        ("mentor", 5),
        ("agreement", 6),
    ):
        pages = [f"/onboarding/{slug}/"] + (["/onboarding/agreement/wages/"] if number == 6 else [])
        for path in pages:
            page = visit(client, path)
            for label in page.words("//form[@id='part-form']//label"):
                yield f"Step {number}", label


def test_question_pack_asks_what_the_forms_ask(program_documents: None) -> None:
    from employers.question_pack import pack

    asked = {
        f"Step {step['number']}": {row["label"] for group in step["groups"] for row in group["questions"]}
        for step in pack()["steps"]
    }
    missing = [(step, label) for step, label in real_labels() if label not in asked[step]]
    assert {label for _step, label in missing} <= {"Remove when I save", "Start from"} | {
        label for _step, label in missing if re.search(r"period \d|Until hour|Rate", label)
    }
    assert asked["Step 2"] == {
        "I have read National Standards, version 1.", "I have read Training Objectives, version 1.",
    }  # fmt: skip
    assert {"Name", "Title", "Credentials"} <= {label.capitalize() for label in asked["Step 5"]}
    assert (asked["Step 7"], asked["Step 8"]) == (set(), set())
    choices = {
        row["label"]: row["choices"]
        for step in pack()["steps"] for group in step["groups"] for row in group["questions"]
    }  # fmt: skip
    assert choices["Is time in related instruction paid?"] == ["Yes", "No"]
    assert choices["We pay for 100% of the required related instruction of our apprentices."] == ["Yes"]


def test_question_pack_follows_the_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    from django import forms

    from employers.forms.mentor import MentorFormSet

    fields = dict(MentorFormSet.form.base_fields)
    before = visit(Client(), "/steps/questions/").words("//tbody/tr/th")
    assert str(fields.pop("years").label) in before
    changed = fields | {"languages": forms.CharField(label="Languages spoken")}
    monkeypatch.setattr(MentorFormSet.form, "base_fields", changed)
    after = visit(Client(), "/steps/questions/").words("//tbody/tr/th")
    assert (set(before) - set(after), set(after) - set(before)) == (
        {"Years of experience"},
        {"Languages spoken"},
    )


def test_pack_as_pdf_says_the_same_as_the_page(program_documents: None, tmp_path: Any, settings: Any) -> None:
    import subprocess

    from apprenticeship.records.queues import work_off_everything
    from employers.question_pack import order_current, pack

    settings.MEDIA_ROOT = tmp_path
    client = Client()
    assert "The PDF is being prepared." in visit(client, "/steps/questions/").text
    assert client.get("/steps/questions.pdf")["Location"] == "/steps/questions/"
    assert order_current().pk == order_current().pk
    work_off_everything()
    answer = client.get("/steps/questions.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    words = set(said.stdout.decode().split())
    for step in pack()["steps"]:
        for group in step["groups"]:
            for row in group["questions"]:
                assert set(row["label"].split()) - words == set(), row


def test_readiness_of_the_ready_and_of_those_who_know_nothing(db: None) -> None:
    from tests.records.database import everything

    before, client = everything(), Client()
    page = Page(client.get("/readiness/", READY))
    assert page.words("//section[@id='result']/h2") == ["You are ready to begin"]
    assert page.words("//ul[@class='findings']//span[contains(@class, 'tag')]") == ["Ready"] * 6
    nothing = dict.fromkeys(READY, "no") | {"journeyworkers": "", "apprentices": ""}
    page = Page(client.get("/readiness/", nothing))
    assert page.words("//section[@id='result']/h2") == ["6 things to do first"]
    assert "Appoint an experienced technician at the site" in page.text
    assert (everything(), client.cookies) == (before, {})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"position": ""}, "id_position_0"),
        ({"funding": "maybe"}, "id_funding_0"),
        ({"journeyworkers": "-1"}, "id_journeyworkers"),
        ({"apprentices": "9" * 400}, "id_apprentices"),
    ],
)
def test_readiness_says_what_it_cannot_read(db: None, typed: dict[str, str], field: str) -> None:
    page = Page(Client().get("/readiness/", READY | typed))
    assert (page.status, list(page.problems), page.words("//ul[@class='findings']")) == (200, [field], [])


def test_readiness_judges_the_ratio_by_the_program(db: None) -> None:
    from apprenticeship.program.models import Program

    Program.objects.update(apprentices_per_journeyworker="0.5")
    page = Page(Client().get("/readiness/", READY | {"journeyworkers": "3", "apprentices": "2"}))
    assert "Technicians at the site: 3. Apprentices you may train there: up to 1, not 2." in page.text


def test_readiness_counts_the_mentors_that_are_needed(db: None) -> None:
    from apprenticeship.program.models import Program

    Program.objects.update(apprentices_per_mentor=2)
    page = Page(Client().get("/readiness/", READY | {"journeyworkers": "9", "apprentices": "5"}))
    assert "For 5 apprentices appoint 3 mentors: each has at most 2 at a time." in page.text


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/program/", 3),
        ("/steps/", 3),
        ("/steps/questions/", 4),
        ("/readiness/", 2),
        ("/future-apprentices/", 2),
    ],
)
def test_pages_cost_few_queries(
    db: None, path: str, queries: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(queries):
        Client().get(path)
