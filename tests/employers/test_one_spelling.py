"""One spelling: the portal writes "e-mail" wherever somebody reads it, also where Django and allauth speak."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apprenticeship.accounts.models import User
from employers.onboarding import State
from employers.samples.journey import Journey
from tests.employers.desk_fixtures import page_of
from tests.pages import Page
from tests.people import browser

ROOT = Path(settings.BASE_DIR)
CATALOG = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
OURS = ("apprenticeship", "employers", "apprentices")
# A word that a reader meets: no identifier, address, placeholder or path.
OTHER_SPELLING = re.compile(r"(?<![\w%({./@-])emails?(?:ed)?(?![\w)}@/=(-]|\.\w)", re.IGNORECASE)
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
READ_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "content", "value", "data-confirm")


def misspelled(text: str) -> list[str]:
    """Return each place where a text spells the word otherwise, with a few words around it."""
    return [text[max(found.start() - 30, 0) : found.end() + 30] for found in OTHER_SPELLING.finditer(text)]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Email", True), ("an email.", True), ("We've emailed you", True), ("emails: two", True), ("E-mail", False),
        ("%(email)s", False), ("{email}", False), ("user.email", False), ("email@example.org", False),
        ("/accounts/email/", False), ("mailto:x", False), ("email_address", False), ("email=x", False),
    ],
)  # fmt: skip
def test_word_is_told_from_a_name(text: str, is_found: bool) -> None:
    assert bool(misspelled(text)) is is_found


def words_of_template(source: str) -> str:
    """Return what a template shows: its text, its translated texts and the attributes that are read aloud."""
    source = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", " ", source, flags=re.DOTALL
    )
    quoted = re.findall(r"""(?:translate |trans |_\()(".*?"|'.*?')""", source)
    attributes = re.findall(rf'\b(?:{"|".join(READ_ATTRIBUTES)})="([^"]*)"', source)
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
    return "\n".join([re.sub(r"<[^>]*>", " ", plain), *quoted, *attributes])


def test_templates_spell_it_one_way() -> None:
    files = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix in (".html", ".txt")]
    assert len(files) > 200
    found = {str(path): misspelled(words_of_template(path.read_text())) for path in files}
    assert {path: places for path, places in found.items() if places} == {}


def translated(tree: ast.AST) -> Iterator[str]:
    """Yield every text that a module hands to gettext."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def test_texts_in_code_spell_it_one_way() -> None:
    files = [path for app in OURS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    texts = [text for path in files for text in translated(ast.parse(path.read_text()))]
    assert len(texts) > 800
    assert [place for text in texts for place in misspelled(text)] == []


def test_data_scripts_and_papers_about_the_portal_spell_it_one_way() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    files += [path for app in OURS for path in (ROOT / app).rglob("*.toml")]
    code = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|^#.*$|^\w+ =", re.DOTALL | re.MULTILINE)
    found = {str(path): misspelled(code.sub(" ", path.read_text())) for path in files}
    assert {path: places for path, places in found.items() if places} == {}
    scripts = [text for path in (ROOT / "static/js").glob("*.js") for text in quoted_in(path.read_text())]
    assert [place for text in scripts for place in misspelled(text) if " " in text] == []


def quoted_in(script: str) -> list[str]:
    """Return the quoted texts of a script."""
    return [text for found in re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'|`([^`]*)`', script) for text in found]


def entries(path: Path) -> dict[str, str]:
    """Return a catalog's texts with their translations."""
    line = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
    found = re.findall(rf"^msgid {line}^msgstr(?:\[0\])? {line}", path.read_text(), re.MULTILINE)
    found += [(text, '""') for text in re.findall(rf"^msgid_plural {line}", path.read_text(), re.MULTILINE)]
    return {joined(text): joined(translation) for text, translation in found}


def joined(lines: str) -> str:
    """Return the text of one or more quoted lines."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', lines)
    return "".join(quoted).replace("\\n", "\n").replace('\\"', '"')


def test_words_of_django_and_allauth_are_respelled() -> None:
    """An upgrade that brings new words is named here; add them to the catalog and compile it."""
    packages = [Path(module.__file__ or "").parent for module in (django, allauth)]
    catalogs = [path for package in packages for path in package.rglob("locale/en/LC_MESSAGES/django.po")]
    parts = ("conf", "auth", "admin", "allauth")
    theirs = {
        text
        for path in catalogs
        if path.parents[3].name in parts
        for text in entries(path)
        if misspelled(text)
    }
    ours = {text: spelled for text, spelled in entries(CATALOG).items() if text}
    assert len(theirs) > 60
    # The scopes of OpenID are names, not words; the portal has no such page.
    assert {text for text in theirs - set(ours) if "(ENTER)" not in text} == set()
    assert [spelled for spelled in ours.values() if misspelled(spelled)] == []
    facts = re.compile(r"%\(\w+\)[sd]|%[sd]")
    assert [
        text for text, said in ours.items() if sorted(facts.findall(text)) != sorted(facts.findall(said))
    ] == []


def test_compiled_catalog_says_what_its_source_says() -> None:
    with CATALOG.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    said = entries(CATALOG)
    assert {text: compiled.gettext(text) for text in said if text} == {k: v for k, v in said.items() if k}


def read(response: Any) -> list[str]:
    """Return where a page spells it otherwise, in its words and in the attributes that are read aloud."""
    page = Page(response)
    for element in page.tree.xpath("//script | //style"):
        element.drop_tree()
    attributes = [text for name in READ_ATTRIBUTES for text in page.tree.xpath(f"//@{name}")]
    return [place for text in (page.text, *attributes) for place in misspelled(text)]


@pytest.mark.django_db
def test_account_pages_spell_it_one_way_when_they_complain_too(owner: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for name in ("account_signup", "account_login", "account_reset_password", "account_request_login_code"):
        url = reverse(name)
        assert read(Client().get(url)) == []
        for sent in (
            {},
            {"email": "x", "login": "x"},
            {"email": owner.email, "login": owner.email, "password": "x"},
        ):
            assert read(Client().post(url, sent, follow=True)) == []
    client = browser(owner)
    for name in ("account_email", "account_change_password", "mfa_index", "account_logout"):
        assert read(client.get(reverse(name), follow=True)) == []
    for sent in ({}, {"email": "x"}, {"email": owner.email}):
        assert read(client.post(reverse("account_email"), sent | {"action_add": ""}, follow=True)) == []
    page = client.get(reverse("account_email"))
    assert "E-mail" in Page(page).text


@pytest.mark.django_db
def test_pages_with_an_address_spell_it_one_way(journey: Journey, manager: User) -> None:
    case, client = journey.to(State.REVIEW), browser(journey.owner)
    public = ["/", "/interest/", "/verify/", "/partners/"]
    steps = [f"/onboarding/{slug}/" for slug in ("get-started", "funding", "mentor", "agreement", "approval")]
    desk = [page_of(case), "/admin/", "/admin/employers/employer/", "/admin/records/notification/"]
    desk += [f"/admin/employers/employer/{case.employer_id}/change/", "/admin/program/program/1/change/"]
    found = {url: read(Client().get(url, follow=True)) for url in public}
    found |= {url: read(client.get(url, follow=True)) for url in ["/onboarding/", "/team/", "/mail/", *steps]}
    found |= {url: read(browser(manager).get(url, follow=True)) for url in desk}
    assert {url: places for url, places in found.items() if places} == {}
    bad = Client().post("/interest/", {"email": "x"})
    assert read(bad) == []
