"""The words of a mail that staff may replace: plain text with {{ variables }} and nothing else.

A mail's own words stand between its greeting and its button. Greeting, button, link and contact always stay, so that
no wording can lose what the mail grants.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst, wrap
from django.utils.translation import gettext as _

EMAILS = Path(settings.BASE_DIR) / "templates" / "emails"
COLUMNS = 72
# What only this mail says to its reader may not be left out.
NEEDED = frozenset(
    {"reason", "question", "flagged_parts", "missing_in_step", "overtaken", "overtaken_by_employer"}
)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PRINTED = re.compile(r"\{\{\s*(\w+)(?:\|[\w:]+)?\s*\}\}")
_INCLUDE = re.compile(r'\{%\s*include "emails/(\w+)\.(?:txt|html)"[^%]*%\}')
_LOCAL = re.compile(r"\bwith (\w+)=|\bfor (\w+) in\b")
_BLOCK = re.compile(r"\{%\s*block (happened|next)\s*%\}(.*?)\{%\s*endblock\s*%\}", re.DOTALL)
_BUTTON = re.compile(r"\{%\s*block action_url\s*%\}(\{\{\s*\w+\s*\}\})\{%\s*endblock\s*%\}")
_LOOP = re.compile(r"\{%\s*for .*?\{%\s*endfor\s*%\}", re.DOTALL)
_SINGULAR = re.compile(r"(\{%\s*blocktranslate[^%]*count[^%]*%\}).*?\{%\s*plural\s*%\}", re.DOTALL)
_ELSE = re.compile(r"\{%\s*(?:else|elif [^%]*)\s*%\}.*?(?=\{%\s*endif\s*%\})", re.DOTALL)
_CHOICE = re.compile(r"\{%\s*if .*\{%\s*else\s*%\}", re.DOTALL)
_TRANSLATE = re.compile(r'\{%\s*translate "([^"]*)"\s*%\}')
_TRIMMED = re.compile(r"(\{%\s*blocktranslate[^%]*%\})(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PARAGRAPH = re.compile(r"\n\s*\n")


@cache
def names() -> tuple[str, ...]:
    """Return the name of every mail, in order."""
    return tuple(sorted(path.name.removesuffix("_subject.txt") for path in EMAILS.glob("*_subject.txt")))


@cache
def blocks(name: str) -> frozenset[str]:
    """Return the variables that stand for whole paragraphs, such as a list, and need one of their own."""
    return frozenset(_INCLUDE.findall(_words(name)))


@cache
def variables(name: str) -> frozenset[str]:
    """Return every variable that the words of a mail may use: those of its template and of its button's address."""
    text = _source(name, "subject") + _words(name) + "".join(_BUTTON.findall(_source(name, "body")))
    local = {found for pair in _LOCAL.findall(text) for found in pair if found}
    return frozenset(_PRINTED.findall(text)) - local | blocks(name)


def needed(name: str) -> frozenset[str]:
    """Return the variables that the words of a mail must use."""
    return variables(name) & NEEDED


@cache
def default_subject(name: str) -> str:
    """Return the template's subject with its variables, for staff to start from.

    Of several it is the last one, which holds for any number and names nobody.
    """
    text = _plain(_CHOICE.sub("", _source(name, "subject")))
    known = _VARIABLE.sub(lambda found: found[0] if found[1] in variables(name) else "", text)
    return capfirst(known.strip().removesuffix(":").strip())


@cache
def default_body(name: str) -> str:
    """Return the template's words with its variables, for staff to start from. Of several cases it is the first."""
    return "\n\n".join(_plain(found[2]) for found in _BLOCK.finditer(_source(name, "body")))


def has_own_next(name: str) -> bool:
    """Whether the mail's template itself says what comes next; otherwise the frame's words stay."""
    return any(found[1] == "next" for found in _BLOCK.finditer(_source(name, "body")))


def faults(name: str, subject: str, body: str) -> dict[str, list[ValidationError]]:
    """Return what is wrong with words for a mail, by field; nothing if they can be sent."""
    found: dict[str, list[ValidationError]] = {"subject": [], "body": []}
    for field, text in (("subject", subject), ("body", body)):
        allowed = variables(name) - (blocks(name) if field == "subject" else frozenset())
        found[field] += _unknown(text, allowed)
    for paragraph in paragraphs(body):
        crowded = blocks(name) & set(_VARIABLE.findall(paragraph))
        if crowded and not _VARIABLE.fullmatch(paragraph):
            message = _("{{ %(name)s }} is a paragraph of its own: leave a blank line before and after it.")
            found["body"].append(ValidationError(message, params={"name": min(crowded)}))
    lost = sorted(needed(name) - set(_VARIABLE.findall(body)))
    if lost:
        message = _("The mail needs %(names)s; nobody else tells its reader.")
        found["body"].append(ValidationError(message, params={"names": _listed(lost)}))
    return {field: errors for field, errors in found.items() if errors}


def _unknown(text: str, allowed: frozenset[str]) -> list[ValidationError]:
    unknown = sorted(set(_VARIABLE.findall(text)) - allowed)
    rest = _VARIABLE.sub("", text)
    if not unknown and not any(mark in rest for mark in ("{", "}")):
        return []
    what = _listed(unknown) if unknown else _("A brace { or } that belongs to no variable")
    if not allowed:
        return [ValidationError(_("%(what)s: this text has no variables."), params={"what": what})]
    message = _("%(what)s: not known here. Known are %(names)s.")
    return [ValidationError(message, params={"what": what, "names": _listed(sorted(allowed))})]


def fill_line(text: str, facts: Mapping[str, Any]) -> str:
    """Return a line with its variables replaced; what has no value leaves nothing."""
    return " ".join(_VARIABLE.sub(lambda found: _value(facts, found[1]), text).split())


def fill_text(name: str, body: str, facts: Mapping[str, Any]) -> str:
    """Return the plain text: paragraphs of at most 72 columns. A paragraph with an empty variable is left out."""
    filled: list[str] = []
    for paragraph in paragraphs(body):
        block = _block(name, paragraph)
        if block:
            filled.append(_rendered(f"emails/{block}.txt", facts, autoescape=False).strip())
        elif _says_something(paragraph, facts):
            text = _VARIABLE.sub(lambda found: _value(facts, found[1]), paragraph)
            filled.append("\n".join(wrap(line, COLUMNS) for line in text.splitlines()))
    return "\n\n".join(part for part in filled if part)


def fill_html(name: str, body: str, facts: Mapping[str, Any]) -> SafeString:
    """Return the same as HTML; every value is escaped."""
    filled: list[str] = []
    for paragraph in paragraphs(body):
        block = _block(name, paragraph)
        if block:
            filled.append(_rendered(f"emails/{block}.html", facts, autoescape=True))
        elif _says_something(paragraph, facts):
            text = _VARIABLE.sub(lambda found: _value(facts, found[1]), paragraph)
            filled.append(str(linebreaks(conditional_escape(text))))
    return mark_safe("\n".join(filled))  # noqa: S308 - each part was escaped or rendered by a template


def paragraphs(text: str) -> list[str]:
    """Split a text at blank lines."""
    return [part.strip() for part in _PARAGRAPH.split(text.replace("\r\n", "\n")) if part.strip()]


def _block(name: str, paragraph: str) -> str:
    """Return the whole-paragraph variable that a paragraph consists of, or ""."""
    found = _VARIABLE.fullmatch(paragraph)
    return found[1] if found and found[1] in blocks(name) else ""


def _rendered(template: str, facts: Mapping[str, Any], *, autoescape: bool) -> str:
    found: Any = get_template(template)
    return str(found.template.render(Context(dict(facts), autoescape=autoescape)))


def _says_something(paragraph: str, facts: Mapping[str, Any]) -> bool:
    return all(_value(facts, name) for name in _VARIABLE.findall(paragraph))


def _value(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return "" if value is None else str(value)


def _listed(found: list[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in found)


def _source(name: str, part: str) -> str:
    return (EMAILS / f"{name}_{part}.txt").read_text()


def _words(name: str) -> str:
    return "".join(found[2] for found in _BLOCK.finditer(_source(name, "body")))


def _plain(source: str) -> str:
    """Return the words of a piece of template: variables stay, every tag goes, paragraphs stay apart."""
    text = _INCLUDE.sub(lambda found: f"\n\n{{{{ {found[1]} }}}}\n\n", source)
    text = _ELSE.sub("", _SINGULAR.sub(r"\1", _LOOP.sub("", text)))
    text = _TRIMMED.sub(lambda found: " ".join(found[2].split()) if "trimmed" in found[1] else found[2], text)
    text = _PRINTED.sub(r"{{ \1 }}", _TAG.sub("", _TRANSLATE.sub(r"\1", text)))
    return "\n\n".join(" ".join(part.split()) for part in paragraphs(text))
