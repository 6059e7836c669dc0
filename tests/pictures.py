"""`make pictures`: every page as each role, narrow and wide, light and dark, and every page of every PDF.

Runs on a database of its own with the demo in it; the pictures go to var/pictures/.
"""

import email
import email.policy
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.error_pictures import draw_errors
from tests.records.mail_server import free_port
from tests.row_pictures import behind_rows
from tests.signing_pictures import photograph_signing

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "pictures"
PORT = free_port()
PASSWORD = "demo-pass-2026"
LINK = re.compile(r'href="(?=http[^"]*/(sign|join|confirm|mine)/)([^"]+)"')  # grants something
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Pictures below the first screen wait to be scrolled to.
LOADED = """() => Promise.all([...document.images].map(image => {
    image.loading = 'eager';
    return image.decode().catch(() => null);
}))"""
PUBLIC = [
    "/", "/program/", "/steps/", "/steps/questions/", "/readiness/", "/future-apprentices/",
    "/readiness/?position=yes&mentor=no&journeyworkers=3&apprentices=9&funding=partly&raises=yes&signatory=no",
    "/partners/", "/partners/?state=TX", "/privacy/", "/interest/", "/interest/thanks/?zip_code=55805&work=field",
    "/interest/link/", "/accounts/login/", "/accounts/signup/",
    "/accounts/password/reset/", "/accounts/login/code/", "/verify/", "/verify/BMET-0000-0000/",
]  # fmt: skip
STEPS = ["get-started", "standards", "position", "funding", "mentor", "agreement", "approval", "hiring"]
MEMBER = [
    "/onboarding/", *(f"/onboarding/{slug}/" for slug in STEPS), "/onboarding/agreement/wages/",
    "/onboarding/agreement/previews/", "/onboarding/print/", "/papers/", "/messages/", "/mail/", "/team/",
]  # fmt: skip
FEW = ["/onboarding/", "/onboarding/approval/", "/onboarding/agreement/", "/onboarding/agreement/wages/"]
ROLES: dict[str, list[str]] = {
    "": PUBLIC,
    "employer@example.org": [*MEMBER, "/onboarding/move/withdraw/", "/onboarding/funding/?gaps", "/accounts/email/",
                             "/accounts/2fa/", "/accounts/sessions/", "/accounts/reauthenticate/"],
    "viewer@example.org": ["/onboarding/", "/candidates/", "/onboarding/position/", "/team/"],
    "partner@example.org": [*MEMBER, "/candidates/", "/candidates/?zip_code=50314&miles=250", "/candidates/opened/",
                            "/organization/card/"],
    "brendan@example.org": [*FEW, "/onboarding/funding/", "/onboarding/mentor/"],
    "summit@example.org": FEW,
    "harbor@example.org": [*FEW, "/onboarding/get-started/"],
    "canyon@example.org": ["/onboarding/", "/onboarding/move/reopen/"],
    "hudson@example.org": ["/agreement/", "/onboarding/agreement/"],
    "gateway@example.org": ["/onboarding/"],
    "riverbend@example.org": [
        "/onboarding/", "/organization/", "/agreement/", "/amendment/", "/amendment/organization/", "/amendment/sites/",
        "/amendment/wages/", "/amendment/documents/", "/amendment/move/take_back/", "/onboarding/get-started/",
    ],
    "reviewer@example.org": ["/admin/", "/admin/employers/onboarding/4/history/",
                             "/admin/employers/onboarding/", "/admin/employers/onboarding/4/change/",
                             "/admin/employers/onboarding/4/print/",
                             "/admin/employers/onboarding/6/change/", "/admin/apprentices/candidate/",
                             "/admin/employers/onboarding/18/change/", "/admin/program/checklistitem/",
                             "/admin/records/notification/", "/admin/employers/amendment/",
                             "/admin/program/minimumwage/",
                             "/admin/employers/logocard/"],
    "manager@example.org": ["/admin/employers/onboarding/2/change/", "/admin/program/program/1/change/",
                            "/admin/program/minimumwage/import/", "/admin/program/reminderplan/1/change/",
                            "/admin/records/mailtext/", "/admin/records/mailtext/changes_requested/words/",
                            "/admin/program/agreementtemplate/1/preview/",
                            "/admin/apprentices/candidate/figures/", "/admin/apprentices/candidate/figures/?region=5",
                            "/admin/apprentices/deletion/1/change/", "/admin/apprentices/invitationlist/import/",
                            "/admin/apprentices/invitationlist/1/change/", "/admin/apprentices/invitation/",
                            "/admin/program/programdocument/1/progress/"],
}  # fmt: skip


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the demo from a folder of its own until the block ends."""
    env = os.environ | {"DEBUG": "1", "VAR_DIR": str(folder), "PORT": str(PORT), "RATE_LIMITS": "0"}
    for command in (["migrate", "-v0"], ["createcachetable"], ["demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
    work = "from apprenticeship.records.queues import work_off_everything as work; print(work(), 'rows worked off')"
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", work], cwd=ROOT, env=env, check=True)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", str(PORT)], cwd=ROOT, env=env,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait()
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.terminate()
        server.wait()


def _wait() -> None:
    for _attempt in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def photograph(browser: Browser, address: str, role: str, paths: list[str]) -> None:
    """Take every path as one person."""
    who = role.partition("@")[0] or "public"
    names = {
        address + path: path.strip("/").replace("/", "-").replace("?", "-") or "landing" for path in paths
    }
    state = _sign_in(browser, address, role) if role else None
    if role:
        names |= behind_rows(browser, address, role, state)
    take(browser, {url: f"{who}_{name}" for url, name in names.items()}, state)


def take(browser: Browser, names: dict[str, str], state: object = None) -> None:
    """Take a picture of every address under its name, narrow and wide, light and dark.

    Ends the run at a page that breaks.
    """
    for width, scheme in ((1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state, locale="en-US"
        )
        page = context.new_page()
        for url, name in names.items():
            answer = page.goto(url)
            if answer and answer.status >= 500:
                raise SystemExit(f"{url} answers {answer.status}.")
            page.evaluate(LOADED)
            page.screenshot(path=PICTURES / f"{name}_{width}_{scheme}.png", full_page=True)
        context.close()


def print_mail(browser: Browser, folder: Path) -> None:
    """Take a picture of the newest mail of each subject, and of the pages that only their links open."""
    pages: dict[str, str] = {}
    for file in sorted((folder / "mail").rglob("*.eml"), key=lambda path: path.stat().st_mtime):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("html",))
        if body is None:
            continue
        subject = re.sub(r"^[^:]*: |[^a-z ]", "", str(message["subject"]).lower()).strip().replace(" ", "-")
        page = folder / f"{subject}.html"
        page.write_text(html := body.get_content())
        pages[page.as_uri()] = f"mail_{subject}"
        for kind, link in LINK.findall(html):
            pages[link] = f"link_{kind}"
    take(browser, pages)


def _sign_in(browser: Browser, address: str, email: str) -> object:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


def print_papers(folder: Path) -> None:
    """Turn every page of every PDF into a picture."""
    for pdf in sorted((folder / "media").rglob("*.pdf")):
        target = PICTURES / f"pdf_{pdf.parent.name[:8]}"
        subprocess.run(["pdftoppm", "-r", "70", "-png", str(pdf), str(target)], check=True)


def main(only: list[str]) -> None:
    """Photograph everything, or only the roles named."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as name,
        served(Path(name)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        for role, paths in ROLES.items():
            if not only or (role.partition("@")[0] or "public") in only:
                photograph(browser, address, role, paths)
        if not only or "errors" in only:
            take(browser, draw_errors(address, Path(name)))
        if not only or "mail" in only:
            print_mail(browser, Path(name))
        if not only or "signing" in only:
            photograph_signing(browser, address, Path(name), PICTURES)
        browser.close()
        print_papers(Path(name))
    print(f"{len(list(PICTURES.iterdir()))} pictures in {PICTURES.relative_to(ROOT)}/")


if __name__ == "__main__":
    main(sys.argv[1:])
