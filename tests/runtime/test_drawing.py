"""Fields drawn in Python say what Django's own templates say."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms

HOSTILE = """<b>"R&D" 'x'</b>"""
COLORS = [("", "Choose"), ("Warm", [("r", HOSTILE), ("o", "Orange")]), ("b", "Blue"), (HOSTILE, "Odd")]


class SampleForm(forms.Form):
    """A field of every kind."""

    use_required_attribute = True

    name = forms.CharField(label=HOSTILE, help_text="As <i>printed</i>.", max_length=20)
    count = forms.IntegerField(min_value=1, required=False, widget=forms.NumberInput(attrs={"class": "own"}))
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False, disabled=True)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(required=False)
    color = forms.ChoiceField(choices=COLORS)
    colors = forms.MultipleChoiceField(choices=COLORS, required=False)
    mood = forms.ChoiceField(choices=[("g", "Good"), ("b", HOSTILE)], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I agree", help_text="Really.")
    key = forms.CharField(widget=forms.HiddenInput)


FIELDS = tuple(SampleForm.base_fields)
TYPED = {
    "name": HOSTILE * 2, "count": "0", "secret": "s", "day": "2026-01-02", "text": HOSTILE, "color": "o",
    "colors": ["r", HOSTILE], "mood": "b", "agrees": "on", "key": HOSTILE,
}  # fmt: skip


def controls(html: str) -> list[tuple[str, dict[str, str], str]]:
    """Return tag, attributes but the class, and words of everything that is typed into or chosen from."""
    tree = lxml.html.fromstring(f"<form>{html}</form>")
    return [
        (
            control.tag,
            {name: value for name, value in control.attrib.items() if name != "class"},
            " ".join(control.text_content().split()),
        )
        for control in tree.xpath("//input | //select | //optgroup | //option | //textarea")
    ]


@pytest.mark.parametrize("data", [None, TYPED, {}], ids=["new", "typed", "empty"])
@pytest.mark.parametrize("name", FIELDS)
def test_control_says_what_djangos_own_template_says(name: str, data: dict[str, Any] | None) -> None:
    form = SampleForm(data, initial={"name": HOSTILE, "count": 7, "color": "b", "colors": ["b"], "mood": "g"})
    assert controls(as_crispy_field(form[name])) == controls(str(form[name]))


def test_label_help_and_errors_belong_to_the_control() -> None:
    tree = lxml.html.fromstring(as_crispy_field(SampleForm(TYPED)["name"]))
    control, label = tree.xpath("//input")[0], tree.xpath("//label")[0]
    described = [
        tree.get_element_by_id(key).text_content() for key in control.get("aria-describedby").split()
    ]
    assert (tree.get("id"), label.get("for"), label.text) == ("div_id_name", "id_name", HOSTILE)
    assert described == [
        "As printed.",
        f"Ensure this value has at most 20 characters (it has {2 * len(HOSTILE)}).",
    ]
    assert (control.get("class"), control.get("aria-invalid")) == ("form-control is-invalid", "true")
