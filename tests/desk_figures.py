"""Figures of the desk: each leads to the list that it counts."""

import re

from django.test import Client

from tests.pages import Page


def listed(client: Client, url: str) -> int:
    """Return how many rows a list of the admin has."""
    response = client.get(url, follow=True)
    assert "e=1" not in response.request["QUERY_STRING"], url
    return int(response.context["cl"].result_count)


def compare_with_lists(client: Client, page: Page) -> int:
    """Compare every figure of a page with the list it leads to, and return how many there are."""
    found = 0
    for link in page.tree.xpath("//div[@id='content']//a[starts-with(@href, '/admin/')]"):
        number = re.match(r"\d+", " ".join(link.text_content().split()))
        of = re.search(r", of (\d+)$", link.text_content().strip())
        count = of[1] if of else number[0] if number else None
        svg_count = re.search(r": (\d+) ", link.get("aria-label") or "")
        if svg_count:  # a tile or a column says its count in its name
            count = svg_count[1]
        if count is not None:
            assert listed(client, link.get("href")) == int(count), link.get("href")
            found += 1
    for row in page.tree.xpath("//div[@id='content']//tr[th/a]"):  # a row is named by its link
        assert listed(client, row.xpath("th/a/@href")[0]) == int(row.xpath("string(td)"))
        found += 1
    return found


def unlinked(page: Page) -> list[str]:
    """Return every number above zero on a page of figures that leads nowhere: not by itself, and not by its row."""
    inside = "ancestor-or-self::a or ancestor::tr[th/a]"
    shown = page.tree.xpath(
        f"//section[not(@aria-labelledby='all-lists')]//*[self::td or self::b or self::span][not({inside})][not(a)]"
    )
    words = [" ".join(element.text_content().split()) for element in shown]
    return [text for text in words if re.fullmatch(r"[1-9]\d*|.*, of \d+", text)]
