"""What the other tests rely on: a database of their own, and templates that may not guess."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Engine, Origin, Template


def render(text: str, file: Path) -> str:
    undefined = settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"]
    engine = Engine(string_if_invalid=undefined, libraries={"i18n": "django.templatetags.i18n"})
    return Template(text, origin=Origin(str(file)), engine=engine).render(Context({"known": "yes"}))


@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown }}",
        "{{ known.unknown }}",
        "{{ unknown|default:'other' }}",
        "{% load i18n %}{% blocktranslate %}{{ unknown }}{% endblocktranslate %}",
        "{% with name=unknown %}{{ name }}{% endwith %}",
    ],
)
def test_undefined_variable_fails_in_our_templates_alone(text: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"undefined variable in .*/templates/x.html: "):
        render(text, settings.BASE_DIR / "templates" / "x.html")

    assert render(text, Path("/elsewhere/x.html")) in ("", "other")


def test_undefined_variable_may_be_asked_for() -> None:
    ours = settings.BASE_DIR / "templates" / "x.html"
    assert render("{% if unknown %}1{% else %}2{% endif %}{{ known }}", ours) == "2yes"


@pytest.mark.django_db
def test_database_belongs_to_this_run() -> None:
    name = str(connection.settings_dict["NAME"])
    assert name.startswith(str(settings.VAR_DIR) if connection.vendor == "sqlite" else "test_portal_")
