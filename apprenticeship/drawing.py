"""Draw a form's field in Python: the label above, what helps under it, the control, what is wrong beside it.

The template pack's field is one tag of this library, so crispy's layouts and filters draw every field by it. Templates
cost a node and a lookup for each attribute and option, and a step's page has up to a hundred fields.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def draw_field(context: template.Context) -> SafeString:
    """Draw the context's `field`, a bound field, with `wrapper_class` on the element around it, if there is one."""
    return drawn(context["field"], context.get("wrapper_class") or "")


def drawn(field: BoundField, wrapper_class: str = "") -> SafeString:
    """Return a bound field as HTML."""
    widget = field.field.widget
    if field.is_hidden:
        return SafeString(str(field))
    draw = _labeled
    if isinstance(widget, forms.CheckboxInput):
        draw = _checkbox
    elif isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        draw = _options
    return SafeString(draw(field, f" {escaped(wrapper_class)}" if wrapper_class else ""))


def escaped(value: Any) -> str:
    """Return any value as text for HTML; what is marked as safe stays as it is."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _labeled(field: BoundField, wrapper: str) -> str:
    """Draw a text, a list or a file under its label."""
    return (
        f'<div id="div_{field.auto_id}" class="mb-3{wrapper}">'
        f'<label class="form-label" for="{field.id_for_label}">{escaped(field.label)}</label>'
        f"{_help(field)}{_control(field)}{_errors(field)}</div>"
    )


def _checkbox(field: BoundField, wrapper: str) -> str:
    """Draw a tick with its label beside it."""
    return (
        f'<div id="div_{field.auto_id}" class="form-check mb-3{wrapper}">'
        f"{_tick(field, field.subwidgets[0].data, with_value=False)} "
        f'<label class="form-check-label" for="{field.id_for_label}">{escaped(field.label)}</label>'
        f"{_help(field)}{_errors(field)}</div>"
    )


def _options(field: BoundField, wrapper: str) -> str:
    """Draw options to tick, as a group that is described as one."""
    described = f' aria-describedby="{field.aria_describedby}"' if field.aria_describedby else ""
    rows = "".join(_option_row(field, option.data) for option in field.subwidgets)
    return (
        f'<fieldset id="div_{field.auto_id}" class="mb-3{wrapper}"{described}>'
        f'<legend class="form-label">{escaped(field.label)}</legend>{_help(field)}{rows}{_errors(field)}</fieldset>'
    )


def _option_row(field: BoundField, data: dict[str, Any]) -> str:
    label = f'<label class="form-check-label" for="{data["attrs"]["id"]}">{escaped(data["label"])}</label>'
    return f'<div class="form-check">{_tick(field, data, with_value=True)} {label}</div>'


def _tick(field: BoundField, data: dict[str, Any], *, with_value: bool) -> str:
    value = f' value="{escaped(data["value"])}"' if with_value else ""
    return (
        f'<input type="{data["type"]}" class="form-check-input{_invalid(field)}" name="{data["name"]}"{value}'
        f"{_attributes(data['attrs'])}>"
    )


def _control(field: BoundField) -> str:
    """Draw what is typed into or chosen from."""
    widget = field.field.widget
    if isinstance(widget, forms.Select):
        return _select(field, _classes(field, "form-select"))
    if isinstance(widget, Input) and not isinstance(widget, forms.FileInput):
        return _input(field)
    return field.as_widget(attrs={"class": _classes(field, "form-control")})


def _input(field: BoundField) -> str:
    data = field.subwidgets[0].data
    own = data["attrs"].get("class")
    value = "" if data["value"] is None else f' value="{escaped(data["value"])}"'
    return (
        f'<input type="{data["type"]}" class="form-control{_invalid(field)}{f" {own}" if own else ""}"'
        f' name="{data["name"]}"{value}{_attributes(data["attrs"])}>'
    )


def _select(field: BoundField, classes: str) -> str:
    """Draw a list; one that makes options of its own draws itself."""
    widget: Any = field.field.widget
    if type(widget).create_option is not forms.Select.create_option:
        return field.as_widget(attrs={"class": classes})
    chosen = widget.format_value(field.value())
    context = {"id": field.auto_id} | widget.attrs | field.build_widget_attrs({}, widget)
    many = " multiple" if widget.allow_multiple_selected else ""
    drawn_options = "\n".join(_choices(widget.choices, set(chosen), widget.allow_multiple_selected))
    return f'<select name="{field.html_name}" class="{classes}"{_attributes(context)}{many}>{drawn_options}</select>'


def _choices(choices: Iterable[Any], chosen: set[str], may_be_many: bool) -> Iterator[str]:
    """Yield each option, or a group's with its label around them; of a list for one, the first match is chosen."""
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            group = "\n".join(_choices(label, chosen, may_be_many))
            yield f'<optgroup label="{escaped(value)}">{group}</optgroup>'
            continue
        key = "" if value is None else str(value)
        yield _option(key, escaped(label), key in chosen)
        if key in chosen and not may_be_many:
            chosen.clear()


@lru_cache(maxsize=4096)
def _option(value: str, label: str, is_chosen: bool) -> str:
    return f'<option value="{escaped(value)}"{" selected" if is_chosen else ""}>{label}</option>'


def _classes(field: BoundField, kind: str) -> str:
    widget = field.field.widget
    names = (widget.attrs.get("class", ""), type(widget).__name__.lower(), kind)
    return f"{' '.join(name for name in names if name)}{_invalid(field)}"


def _attributes(attrs: dict[str, Any]) -> str:
    """Return attributes but the class, which this drawing sets; False leaves one out, True writes its name alone."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False and name != "class"
    )


def _invalid(field: BoundField) -> str:
    return " is-invalid" if field.errors else ""


def _help(field: BoundField) -> str:
    text = field.help_text
    return f'<div class="form-text" id="{field.auto_id}_helptext">{text}</div>' if text else ""


def _errors(field: BoundField) -> str:
    if not field.errors:
        return ""
    messages = "".join(f"<p>{escaped(message)}</p>" for message in field.errors)
    return f'<div class="invalid-feedback d-block" id="{field.auto_id}_error">{messages}</div>'
