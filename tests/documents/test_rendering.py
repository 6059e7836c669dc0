"""The papers as PDFs: what a reader, a screen reader and an attacker get."""

import gc
import io
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from apprenticeship.celery import load_the_engine
from apprenticeship.documents import kinds, rendering
from apprenticeship.documents.fetching import FONT_PACKAGES, allowed_file
from apprenticeship.documents.models import Document
from tests.documents import papers

pytestmark = pytest.mark.once

Build = Callable[..., Document]
Read = Callable[..., str]
SITE_PACKAGES = Path(pikepdf.__file__).parents[1]
KINDS = ["employer_agreement", "wage_schedule", "application_summary", "eta_671"]


def words(text: str) -> str:
    """Return text with its white space made single."""
    return " ".join(text.split())


def made(document: Document) -> bytes:
    """Return the PDF of a document."""
    return rendering.render_pdf(rendering.render_html(document))


def positions(text: str, *parts: str) -> list[int]:
    """Return where each part stands in the text; raises ValueError for one that is missing."""
    return [text.index(part) for part in parts]


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_is_tagged_titled_and_in_english(kind: str, unsaved: Build) -> None:
    with pikepdf.open(io.BytesIO(made(unsaved(kind)))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.StructTreeRoot.K is not None
        assert str(pdf.Root.Lang) == "en-us"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == unsaved(kind).title
            assert metadata["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            assert outline.root[0].title == unsaved(kind).title


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_ours_and_embedded_as_a_subset(kind: str, unsaved: Build, read_pdf: Read) -> None:
    rows = read_pdf(made(unsaved(kind)), "pdffonts").splitlines()[2:]
    assert rows
    assert [row for row in rows if not re.match(r"[A-Z]{6}\+Paper-S(ans|erif)\S* .*yes yes yes", row)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_same_facts_make_the_same_bytes(kind: str, unsaved: Build) -> None:
    assert made(unsaved(kind)) == made(unsaved(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_says_code_version_and_page_of_pages(kind: str, unsaved: Build, read_pdf: Read) -> None:
    printed = rendering.print_html(rendering.render_html(unsaved(kind)))
    pages = read_pdf(printed.content).split("\f")[:-1]
    assert len(pages) == printed.pages > 1
    for number, page in enumerate(pages, 1):
        footer = words(page.strip().splitlines()[-1])
        expected = f"{unsaved(kind).title} · BMET-7K3F-9QXA · Version 3 Page {number} of {printed.pages}"
        assert footer == expected


def test_agreement_reads_in_order_with_numbered_clauses(unsaved: Build, read_pdf: Read) -> None:
    text = words(read_pdf(made(unsaved())))
    clauses = [f"{number}. {heading}" for number, (heading, _text) in enumerate(papers.STATEMENTS, 1)]
    order = positions(
        text,
        "Employer Agreement",
        "This is sample text.",
        "Lakeside Regional Medical Center, Inc.",
        'Employer Agreement (the "Agreement")',
        *clauses,
        "Schedule A: Standards and documents acknowledged",
        "Schedule B: Wage Schedule, version 2",
        "1 0–1,000 $22.10 65.0%",
        "On completion (journeyworker rate) $34.00 100%",
        "Schedule C: Sites",
        "For the Employer",
    )
    assert order == sorted(order)


def test_notice_of_sample_text_goes_with_the_sample(unsaved: Build) -> None:
    own = papers.agreement()["template"] | {"is_sample": False}
    assert "This is sample text" in rendering.render_html(unsaved())
    assert "This is sample text" not in rendering.render_html(unsaved(template=own))


@pytest.mark.parametrize(
    ("signatures", "said"),
    [
        ([], "Not signed. Not in force until both parties have signed."),
        ([papers.EMPLOYER_SIGNATURE], "Signed by the employer. Not in force until AAMI has countersigned."),
        ([papers.SPONSOR_SIGNATURE], "Signed by AAMI. Not in force until the employer has signed."),
        (
            [papers.EMPLOYER_SIGNATURE, papers.SPONSOR_SIGNATURE],
            "Signed by both parties. Effective Date: November 24, 2026 at 2:05:30 PM UTC (9:05:30 AM UTC−05:00).",
        ),
        (
            [papers.EMPLOYER_SIGNATURE | {"signed_on": "2026-11-24"}, papers.SPONSOR_SIGNATURE],
            "Signed by both parties. Effective Date: November 24, 2026.",
        ),
        (
            [papers.EMPLOYER_SIGNATURE | {"signed_on": "2026-11-23"}, papers.SPONSOR_SIGNATURE],
            "Signed by both parties. Effective Date: November 24, 2026 at 2:05:30 PM UTC (9:05:30 AM UTC−05:00).",
        ),
    ],
)
def test_agreement_says_whether_it_is_in_force(
    signatures: list[dict[str, str]], said: str, unsaved: Build, read_pdf: Read
) -> None:
    html = rendering.render_html(unsaved(signatures=signatures))
    assert said in words(read_pdf(rendering.render_pdf(html)))
    assert html.count("Not signed</p>") == 2 - len(signatures)


def test_signature_block_says_who_when_with_zone_and_how(unsaved: Build, read_pdf: Read) -> None:
    text = words(read_pdf(made(unsaved(signatures=[papers.EMPLOYER_SIGNATURE]))))
    for part in (
        "Dana R. Whitfield",
        "Vice President, Support Services",
        "November 22, 2026 at 4:41:07 PM UTC",
    ):
        assert part in text
    assert "from IP address 192.0.2.17" in rendering.render_html(
        unsaved(signatures=[papers.EMPLOYER_SIGNATURE])
    )


def test_wage_schedule_shows_floors_checks_and_sources(unsaved: Build, read_pdf: Read) -> None:
    content = made(unsaved("wage_schedule"))
    text = words(read_pdf(content))
    assert "North Pavilion 1 January 4, 2027 $16.00 New York State Not yet known" in text
    assert "At least two periods Passes 29 CFR 29.5(b)(5)" in text
    with pikepdf.open(io.BytesIO(content)) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        links = {str(note.A.URI) for note in notes}
    assert links == {"https://www.ecfr.gov/current/title-29/section-29.5"}


def test_wage_chart_is_drawn_with_its_words_for_screen_readers(
    unsaved: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = '<svg viewBox="0 0 9 9" aria-label="From $22 to $30"><path d="M0 0H9"/></svg>'
    monkeypatch.setitem(kinds._PREPARE, "wage_schedule", lambda data: {"wage_chart": svg})
    with pikepdf.open(io.BytesIO(made(unsaved("wage_schedule")))) as pdf:
        figures = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        assert [str(figure.Alt) for figure in figures] == ["From $22 to $30"]


def test_summary_marks_gaps(unsaved: Build) -> None:
    html = rendering.render_html(unsaved("application_summary"))
    assert html.count("<b>Missing</b>") == 5
    assert html.count("Nothing has been answered yet.") == 1


def test_screen_and_pdf_print_the_same_body(unsaved: Build) -> None:
    document = unsaved()
    body = rendering.body_html(document.kind, document.data)
    assert body in rendering.render_html(document)
    screen = rendering.render_html(document, for_screen=True)
    assert body in screen
    assert screen.strip().startswith('<article class="paper">')


def test_headings_go_deeper_where_a_page_has_its_own_above_them(unsaved: Build) -> None:
    document = unsaved(employer=papers.EMPLOYER | {"legal_name": "<h2>Heading</h2> Hospital"})
    as_printed = rendering.body_html(document.kind, document.data)
    deeper = rendering.body_html(document.kind, document.data, lowered=2)
    levels = [[int(level) for level in re.findall(r"<h(\d)", html)] for html in (as_printed, deeper)]
    assert levels[1] == [level + 2 for level in levels[0]]
    assert re.sub(r"(</?h)\d", r"\1", deeper) == re.sub(r"(</?h)\d", r"\1", as_printed)
    assert "&lt;h2&gt;Heading&lt;/h2&gt; Hospital" in deeper


HOSTILE = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<img src="file:///etc/passwd">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<object data="file:///etc/passwd"></object>',
    '<style>@import url("file:///etc/passwd"); p { background: url("http://127.0.0.1:9/y") }</style>',
    '<svg><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    '<base href="file:///etc/"><img src="passwd">',
    '<img src="static:../apprenticeship/settings.py">',
    '<img src="font:../__init__.py">',
]


def test_markup_in_fields_is_printed_as_text(unsaved: Build, read_pdf: Read, caplog: Any) -> None:
    facts = papers.EMPLOYER | {"legal_name": "".join(HOSTILE[:2])}
    content = made(unsaved(employer=facts))
    assert '<imgsrc="file:///etc/passwd">' in read_pdf(content).replace("\n", "").replace(" ", "")
    assert caplog.records == []


@pytest.mark.parametrize("markup", HOSTILE)
def test_even_markup_that_got_through_opens_nothing(
    markup: str, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("socket.socket.connect", lambda self, address: opened.append(str(address)))
    clean = rendering.render_pdf("<title>x</title><p>Paper</p>")
    content = rendering.render_pdf(f"<title>x</title><p>Paper</p>{markup}")
    with pikepdf.open(io.BytesIO(content)) as pdf, pikepdf.open(io.BytesIO(clean)) as same:
        assert len(pdf.attachments) == 0
        assert [len(page.get_images()) for page in pdf.pages] == [
            len(page.get_images()) for page in same.pages
        ]
    assert opened == []
    assert "passwd" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_fetcher_knows_our_static_files_and_fonts_alone() -> None:
    assert allowed_file("static:img/mark.svg") is not None
    style_sheet = allowed_file("static:css/paper-fonts.css")
    assert style_sheet is not None
    fonts = [allowed_file(url) for url in re.findall(r'url\("(font:[^"]+)"\)', style_sheet.read_text())]
    assert len(set(fonts)) == 24
    assert {path.relative_to(SITE_PACKAGES).parts[0] for path in fonts if path} == set(FONT_PACKAGES)
    refused = [
        "static:../manage.py",
        "static:/etc/passwd",
        "font:../__init__.py",
        "file:///etc/passwd",
        "http://x/",
    ]
    assert [url for url in refused if allowed_file(url)] == []


def test_own_styles_have_no_mistakes(caplog: Any) -> None:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    from apprenticeship.documents.fetching import fetcher_class

    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        CSS(url=rendering.STYLE_SHEET, url_fetcher=fetcher_class()(), font_config=FontConfiguration())
    assert caplog.messages == []


@pytest.mark.parametrize("length", [20_000, 200_000])
def test_long_word_takes_no_more_than_seconds(length: int, unsaved: Build) -> None:
    sites = [{"name": "x" * length, "address": "y" * length}]
    started = time.process_time()
    made(unsaved(sites=sites, employer=papers.EMPLOYER | {"legal_name": "z" * length}))
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    "name",
    [
        "聖路加国際病院" * 40,
        "مستشفى الملك فيصل",
        "בית חולים הדסה",
        "🏥\u200d👩 Hospital\x00\x08",
        "e\u0301" * 300,
        "\u202egnorW",
    ],
)
def test_other_scripts_make_a_paper(name: str, unsaved: Build, read_pdf: Read) -> None:
    content = made(unsaved(employer=papers.EMPLOYER | {"legal_name": name}))
    assert "For the Employer" in read_pdf(content)


NAMES = {
    "Japanese": "山田太郎 ヤマダ",
    "Korean": "김철수",
    "Chinese": "王小明 陳大文 张伟",
    "Arabic": "محمد عبدالله",
    "Hebrew": "דוד כהן",
    "Hindi": "राजेश कुमार",
    "Bengali": "রহিম",
    "Tamil": "முருகன்",
    "Thai": "สมชาย",
    "Amharic": "አበበ",
    "Armenian": "Արամ",
    "Georgian": "გიორგი",
    "Khmer": "សុខា",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Russian": "Иван Петров",
    "Vietnamese": "Nguyễn Thị Ánh",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_in_any_script_prints_with_our_own_fonts(
    name: str, unsaved: Build, read_pdf: Read, caplog: Any
) -> None:
    """No box stands for a letter, nothing comes from the machine's fonts, and a reader can copy the name."""
    facts = {"employer": papers.EMPLOYER | {"legal_name": name}}
    document = unsaved(**facts, signatures=[papers.EMPLOYER_SIGNATURE | {"name": name}])
    rendering.preload()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        content = made(document)
    assert [message for message in caplog.messages if "notdef" in message] == []
    rows = read_pdf(content, "pdffonts").splitlines()[2:]
    assert [row for row in rows if not re.match(r"[A-Z]{6}\+Paper-\S+ .*yes yes yes", row)] == []
    letters = re.sub(r"[\s\u202a-\u202e]", "", read_pdf(content))
    assert letters.count(re.sub(r"\s", "", name)) >= 2
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        assert (bool(pdf.Root.MarkInfo.Marked), metadata["pdfuaid:part"]) == (True, "1")


def test_letter_that_no_font_has_is_noticed(caplog: Any) -> None:
    """So that the silence of the test above means something."""
    rendering.preload()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        rendering.render_pdf("<html lang='en'><title>x</title><p>\U0010fffd</p></html>")
    assert [message for message in caplog.messages if "notdef" in message] != []


def test_signature_in_any_script_is_printed_upright(unsaved: Build, read_pdf: Read) -> None:
    name = "مستشفى الملك فيصل — בית חולים הדסה"
    content = made(unsaved(signatures=[papers.EMPLOYER_SIGNATURE | {"name": name}]))
    assert re.findall(r"\S*(?:Italic|Oblique)\S*", read_pdf(content, "pdffonts")) == []


def test_final_paper_prints_rates_and_sites_once(unsaved: Build, read_pdf: Read) -> None:
    text = words(read_pdf(made(unsaved("final_agreement"))))
    assert [text.count(said) for said in ("65.0%", "88 Summit Street", "Wage schedule, version 2")] == [
        1,
        1,
        1,
    ]


def test_no_row_of_a_table_stands_alone(unsaved: Build, read_pdf: Read) -> None:
    for periods, count in ((1, 9), (4, 27)):  # one row would be left under its heading, or on the last page
        wages = papers.WAGES | {"periods": papers.WAGES["periods"][:periods]}
        content = made(unsaved("wage_schedule", wages=wages, floors=papers.FLOORS[:1] * count))
        rows = [page.count("January 4, 2027") for page in read_pdf(content).split("\f")[:-1]]
        assert (sum(rows), 1 in rows) == (count, False)


def test_no_paper_ends_on_a_page_of_little(unsaved: Build, read_pdf: Read) -> None:
    """Alone on it were the sites of a wage schedule, a few rows of a summary's last step, the end of a disclosure."""
    steps = papers.summary()["steps"]
    long = [steps[0] | {"answers": (steps[0]["answers"] * 8)[:16]}, *steps[1:]]
    certificate = papers.certificate()
    certificate["events"] *= 13
    certificate["disclosure"] = ["You may sign this agreement electronically. " * 3] * 8
    ends = [
        made(unsaved("final_agreement", certificate=certificate)),
        made(unsaved("wage_schedule", floors=papers.FLOORS[:1] * 14)),
        made(unsaved("wage_schedule", floors=papers.FLOORS[:1] * 19)),
        made(unsaved("application_summary", steps=long)),
    ]
    last = [read_pdf(content).split("\f")[-2] for content in ends]
    assert [len([line for line in page.splitlines() if line.strip()]) >= 8 for page in last] == [True] * 4


def test_worker_looks_for_no_garbage_in_what_stays() -> None:
    gc.unfreeze()  # the tests' own
    load_the_engine()
    assert gc.get_freeze_count() > 50_000


def test_long_signature_goes_on_to_the_next_page(unsaved: Build, read_pdf: Read) -> None:
    authority = "I am authorized to sign this Agreement. " * 120
    content = made(unsaved(signatures=[papers.EMPLOYER_SIGNATURE | {"authority": authority}]))
    assert words(read_pdf(content)).count("authorized") == 120
