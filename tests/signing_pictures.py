"""Pictures of what a signatory, a lawyer with a preview link and a reader of a paper see."""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
VIEWS: Any = ((1280, "light"), (1280, "dark"), (375, "light"), (375, "dark"))
WORK = "from apprenticeship.records.queues import work_off_everything as work; work()"


class Album:
    """One visitor without an account; `shoot` takes the page that is open, in every view."""

    def __init__(self, browser: Browser, address: str, folder: Path, pictures: Path) -> None:
        self.address, self.folder, self.pictures = address, folder, pictures
        self.page: Page = browser.new_context(
            base_url=address, locale="en-US", java_script_enabled=False, reduced_motion="reduce"
        ).new_page()

    def shoot(self, name: str) -> None:
        """Take the page as it is: narrow and wide, light and dark."""
        for width, scheme in VIEWS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            self.page.screenshot(path=self.pictures / f"signing_{name}_{width}_{scheme}.png", full_page=True)

    def open(self, path: str, name: str) -> None:
        self.page.goto(path)
        self.shoot(name)

    def press(self, button: str, name: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.shoot(name)

    def fill(self, **typed: str) -> None:
        for name, value in typed.items():
            field = self.page.locator(f'[name="{name}"]')
            if field.get_attribute("type") == "checkbox":
                field.check()
            else:
                field.fill(value)

    def mailed_code(self) -> str:
        """Return the newest code that was mailed, after the queue was worked off."""
        run(self.folder, "manage.py", "shell", "-v0", "-c", WORK)
        files = sorted(
            (self.folder / "mail").rglob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True
        )
        for file in files:
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            found = re.search(r"(?m)^ +(\d{6})$", body.get_content() if body else "")
            if found:
                return found[1]
        raise SystemExit("No code was mailed.")


def run(folder: Path, *command: str) -> str:
    """Run Python in the folder of the served demo and return what it prints."""
    environment = os.environ | {"DEBUG": "1", "VAR_DIR": str(folder), "RATE_LIMITS": "0"}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


def photograph_signing(browser: Browser, address: str, folder: Path, pictures: Path) -> None:
    """Take every page of signing by link, previews and the answers of /verify/."""
    cases = json.loads(run(folder, "-m", "tests.signing_cases", str(folder)).splitlines()[-1])
    album, links = Album(browser, address, folder, pictures), cases["links"]
    for name in ("unknown", "expired", "revoked", "long", "preview-sign", "preview-long", "preview-expired"):
        album.open(links[name], name)
    sign(album, links["sign"])
    turn_down(album, links)
    for verdict, file in cases["papers"].items():
        album.page.goto("/verify/")
        album.page.set_input_files("[name=file]", file)
        album.press("Check", f"verify-{verdict}")


def sign(album: Album, link: str) -> None:
    """Walk from the link to the signature."""
    album.open(f"{link}wages/", "wages")
    album.open(link, "read")
    album.press("Go on to the last page", "read-refused")
    album.fill(consent="on", has_authority="on", full_name="Chris Chief")
    album.press("Go on to the last page", "last-page")
    album.fill(code="000000")
    album.press("Sign the Employer Agreement", "last-page-refused")
    album.fill(code=album.mailed_code())
    album.press("Sign the Employer Agreement", "done")
    album.open(link, "used")
    album.open("/sign/done/", "done-again")


def turn_down(album: Album, links: dict[str, str]) -> None:
    """Ask, decline and forward; open the forwarded link where it was done, and elsewhere."""
    for name, typed, button in (
        ("ask", {"ask-reason": "Does clause 4 bind us after the partnership has ended?"}, "Send"),
        ("decline", {"decline-reason": "Our board decides in January."}, "Decline to sign"),
        (
            "forward",
            {
                "forward-name": "Priya Stone",
                "forward-title": "General Counsel",
                "forward-email": "p@example.org",
            },
            "Forward",
        ),
    ):
        album.page.goto(links[name])
        for summary in album.page.locator("details > summary").all():
            summary.click()
        album.fill(**typed)
        album.press(button, name)
        if name != "ask":
            album.fill(code=album.mailed_code())
            album.press(button, f"{name}-done")
    album.page.context.clear_cookies()
    album.open(links["forward"], "forwarded-elsewhere")
