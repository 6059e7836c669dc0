"""One person's walk from the landing page to an active partnership, driven by label and button as people do."""

import datetime as dt
import email
import email.policy
import re
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

WIDTHS = (375, 1280)
PASSWORD = "correct-horse-battery-2026"


class Walk:
    """A visitor. `look` is called with every page that opens."""

    def __init__(self, page: Page, look: Callable[[Page], None]) -> None:
        self.page, self.look = page, look

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look(self.page)

    def press(self, name: str) -> None:
        """Press the button, or follow the link, with this name."""
        main = self.page.locator("main")
        button, link = (main.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
        button.or_(link).first.click()
        self.page.wait_for_load_state()
        self.look(self.page)

    def fill(self, fields: dict[str, str], *, within: str = "main") -> None:
        """Type, choose or tick by the field's name."""
        for name, value in fields.items():
            field = self.page.locator(f'{within} [name="{name}"]')
            kind = field.evaluate("field => field.type")
            if kind == "checkbox":
                field.check()
            elif kind.startswith("select"):
                field.select_option(value)
            else:
                field.fill(value)

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def sign_up(self, address: str, name: str) -> None:
        self.open("/")
        self.press("Become an employer partner")
        self.fill({"name": name, "email": address, "password1": PASSWORD})
        self.press("Create my account")
        self.open(mailed_link(address, "/accounts/confirm-email/"))
        self.press("Yes, confirm it")

    def complete_steps_one_to_five(self) -> None:
        self.fill({"legal_name": "Walker Memorial Hospital"})
        self.press("Start the eight steps")
        self.fill(
            {
                "kind": "hospital", "street": "5 Clinic Road", "city": "Duluth", "zip_code": "55805",
                "county": "St. Louis", "state": "MN", "contact_phone": "218-555-0142", "complaint_name": "Pat Fair",
                "complaint_phone": "218-555-0143", "complaint_email": "fair@example.org",
                "complaint_address": "5 Clinic Road, Duluth", "follows_selection_procedure": "on",
                "sites-0-name": "Main campus", "sites-0-street": "5 Clinic Road", "sites-0-city": "Duluth",
                "sites-0-zip_code": "55805", "sites-0-state": "MN", "sites-0-journeyworkers": "6",
                "sites-0-gi_bill": "unknown",
            }
        )  # fmt: skip
        self.press("Save and continue")
        for box in self.page.locator("main input[type=checkbox]").all():
            box.check()
        self.press("Save and continue")
        start = (dt.date.today() + dt.timedelta(days=70)).isoformat()
        self.page.locator('[name="positions-0-site"]').select_option(label="Main campus")
        self.fill(
            {
                "positions-0-branch": "vacancy", "positions-0-openings": "2", "positions-0-planned_start": start,
                "positions-0-hours_per_week": "40", "confirms_hiring": "on",
            }
        )  # fmt: skip
        self.press("Save and continue")
        self.fill(
            {
                "sources-0-kind": "budget", "sources-0-amount": "7400", "instruction_provider": "A college",
                "is_instruction_paid": "True", "instruction_time": "inside", "confirms_payment": "on",
            }
        )  # fmt: skip
        self.press("Save and continue")
        self.page.locator('[name="mentors-0-site"]').select_option(label="Main campus")
        self.fill(
            {
                "mentors-0-name": "Robin Castellano", "mentors-0-title": "Lead technician",
                "mentors-0-email": "robin@example.org", "mentors-0-years": "14", "mentors-0-apprentices_carried": "0",
            }
        )  # fmt: skip
        self.press("Save and continue")

    def build_wages(self) -> None:
        self.press("Open the wage schedule")
        self.fill({"journeyworker_rate": "34.00", "pattern": "even-3"})
        self.press("Fill in from this pattern")
        self.page.locator('[name="periods-3-rate"]').wait_for()
        self.press("Save and continue")

    def sign(self, name: str, address: str) -> None:
        self.fill({"signatory_name": name, "signatory_title": "Chief HR Officer", "signatory_email": address})
        self.press("Save who signs")
        self.press("Read and sign")
        self.fill({"consent": "on", "has_authority": "on", "full_name": name})
        self.press("Go on to the last page")
        self.fill({"code": mailed_code(address)})
        self.press("Sign the Employer Agreement")

    def sign_in(self, address: str, password: str) -> None:
        self.fill({"login": address, "password": password})
        self.press("Sign in")

    def confirm(self, password: str) -> None:
        """Say once more who it is, before a signature."""
        assert self.heading() == "Is it still you?"
        self.fill({"password": password})
        self.press("Continue")

    def approve(self, name: str, password: str) -> None:
        """Press the approval of a case and say once more who it is."""
        form = fields_of("/decide/approve/")
        typed = {"typed_name": name, "title": "Director", "consent": "on", "has_authority": "on"}
        self.page.locator("#decide-approve").click()
        self.fill(typed, within=form)
        self.page.locator(f"{form} button").first.click()
        self.confirm(password)
        self.page.locator(f"{form} button").first.click()
        self.look(self.page)

    def countersign(self, address: str) -> None:
        """Type the code that was mailed at that moment, and sign for AAMI."""
        self.fill({"code": mailed_code(address)}, within="#sign")
        self.page.locator("#sign button[name=confirm]").click()


def fields_of(address: str) -> str:
    """Return the selector of the fields on a case's page that a button sends to an address with this end."""
    return f'.desk-fields:has(> .desk-buttons > button[formaction$="{address}"])'


def mailed_link(address: str, part: str) -> str:
    """Return the path of the newest link containing `part` in the mail to an address; waits for the worker."""
    return _mailed(address, rf"https?://[^/\s]+({part}\S+)")


def mailed_code(address: str) -> str:
    """Return the newest code in the mail to an address."""
    return _mailed(address, r"(?m)^ +(\d{6})$")


def _mailed(address: str, pattern: str) -> str:
    for _attempt in range(400):
        for file in sorted(Path(settings.EMAIL_FILE_PATH).glob("[!.]*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",)) if address in str(message["To"]) else None
            found = re.search(pattern, body.get_content()) if body else None
            if found:
                return found[1]
        time.sleep(0.2)
    raise AssertionError(f"No mail to {address} with {pattern}")


def subjects_to(address: str) -> list[str]:
    """Return the subjects of all mail that left for an address."""
    messages = (
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in Path(settings.EMAIL_FILE_PATH).glob("[!.]*.eml")
    )
    return [str(message["Subject"]) for message in messages if address in str(message["To"])]


def watcher(axe: Callable[..., list[str]], found: set[str]) -> Callable[[Page], None]:
    """Return a function that notes what axe finds on a page, once an address, narrow and wide, light and dark."""
    seen: set[str] = set()

    def look(page: Page) -> None:
        key = f"{page.url.partition('?')[0]} {page.locator('h1').first.inner_text()}"
        if key in seen:
            return
        seen.add(key)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            found.update([f"{key}: wider than {width}"] if overflow else [])
            found.update(f"{key} {width} light: {line}" for line in axe(page))
            page.emulate_media(color_scheme="dark")
            found.update(f"{key} {width} dark: {line}" for line in axe(page, colors_only=True))
            page.emulate_media(color_scheme="light")

    return look


def wait_for(is_done: Callable[[], bool], seconds: float = 40) -> None:
    """Wait until something holds; the worker is a process of its own."""
    end = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.5)
