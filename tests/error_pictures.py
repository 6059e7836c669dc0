"""Pictures of the pages of errors, which a server with DEBUG replaces by its own."""

import json
from pathlib import Path

from tests.signing_pictures import run

ERRORS = ["400", "403", "403_csrf", "404", "429", "500"]
DRAW = f"""
import json
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
request = RequestFactory().get("/")
request.user = AnonymousUser()
print(json.dumps({{name: render_to_string(name + ".html", request=request) for name in {ERRORS}}}))
"""


def draw_errors(address: str, folder: Path) -> dict[str, str]:
    """Draw each page into a file that takes its styles from the server; return address and picture's name."""
    pages = {}
    for name, html in json.loads(run(folder, "manage.py", "shell", "-v0", "-c", DRAW)).items():
        file = folder / f"error-{name}.html"
        file.write_text(html.replace("<head>", f'<head><base href="{address}/">'))
        pages[file.as_uri()] = f"public_error-{name}"
    return pages
