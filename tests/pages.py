"""Pages as a browser holds them: read the fields from the HTML, change some, press a button."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lxml.html
from django.test import Client

PART_FORM = "part-form"


class Page:
    """One response: its status, its words, its ids and its forms."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.url: str = response.request["PATH_INFO"]
        self.html: str = response.content.decode()
        self.tree = lxml.html.fromstring(self.html)

    @property
    def text(self) -> str:
        """All words, with single spaces."""
        return " ".join(self.tree.text_content().split())

    @property
    def ids(self) -> set[str]:
        """Every id on the page, that a link can lead to."""
        return set(self.tree.xpath("//@id"))

    @property
    def headline(self) -> str:
        """The page's first heading."""
        return " ".join(self.tree.xpath("//h1")[0].text_content().split())

    @property
    def notices(self) -> list[str]:
        """What the last action said, in the order of the page."""
        return self.words("//div[@role='status']//p")

    @property
    def problems(self) -> dict[str, str]:
        """The lines of the error summary by the id they link to."""
        links = self.tree.xpath("//div[contains(@class, 'error-summary')]//li/a")
        return {link.get("href").rpartition("#")[2]: " ".join(link.text_content().split()) for link in links}

    def words(self, xpath: str) -> list[str]:
        """Return the text of each element found."""
        return [" ".join(element.text_content().split()) for element in self.tree.xpath(xpath)]

    def fields(self) -> dict[str, str]:
        """Return what a browser would send from the form of a part, or from the page's longest form."""
        forms = self.tree.xpath(f"//form[@id='{PART_FORM}']") or self.tree.xpath("//main//form")
        return max((dict(_values(form)) for form in forms), key=len)

    def buttons(self, name: str) -> list[str]:
        """Return the values of all buttons with this name."""
        return list(self.tree.xpath(f"//button[@name='{name}']/@value"))


def _values(form: Any) -> Iterator[tuple[str, str]]:
    for control in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        kind = control.get("type", "")
        is_unchecked = kind in ("checkbox", "radio") and not control.checked
        if not is_unchecked and control.name != "csrfmiddlewaretoken":
            # A browser drops the first line break of a text area, which Django writes before the text.
            yield control.name, (control.value or "").removeprefix("\r").removeprefix("\n")


def visit(client: Client, url: str) -> Page:
    """Return the page at an address, after redirects."""
    return Page(client.get(url, follow=True))


def press(
    client: Client, page: Page, typed: dict[str, Any] | None = None, button: str = "action=draft"
) -> Page:
    """Send the part's form of a page with what was typed; None for a field takes its tick away."""
    fields: dict[str, Any] = dict(page.fields()) | (typed or {})
    name, _equals, value = button.partition("=")
    data = {key: value for key, value in fields.items() if value is not None} | {name: value}
    return Page(client.post(page.url, data, follow=True))


def fill_in(
    client: Client, url: str, typed: dict[str, Any] | None = None, button: str = "action=draft"
) -> Page:
    """Open a page, type, press a button, and return the page that follows."""
    return press(client, visit(client, url), typed, button)
