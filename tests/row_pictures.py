"""Addresses that only a list knows: the page behind its first row, found as a reader finds it."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page

LISTS: dict[str, list[str]] = {
    "partner@example.org": ["/candidates/"],
    "reviewer@example.org": ["/admin/apprentices/candidate/"],
}
EVERY_LIST = "manager@example.org"  # sees all lists and settings that the admin's front page links to
LINKS = ".desk-apps li > a"
FIRST_ROW = "#result_list tbody th a, main li a[href^='/candidates/']:has(b)"


def behind_rows(browser: Browser, address: str, role: str, state: object) -> dict[str, str]:
    """Return address and picture's name of every list of a role, and of the page behind its first row."""
    context = browser.new_context(base_url=address, storage_state=state, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    found = dict(_found(page, role))
    context.close()
    return found


def _found(page: Page, role: str) -> Iterator[tuple[str, str]]:
    lists = LISTS.get(role, [])
    if role == EVERY_LIST:
        page.goto("/admin/")
        lists = [link.get_attribute("href") or "" for link in page.locator(LINKS).all()]
    for path in lists:
        name = path.strip("/").replace("/", "-")
        page.goto(path)
        yield page.url, name
        row = page.locator(FIRST_ROW)
        if row.count():
            row.first.click()
            yield page.url, f"{name}-row"
