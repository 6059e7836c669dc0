"""Show a mail in plain text on a page."""

from django import template

from apprenticeship.records.reflow import reflowed

register = template.Library()
register.filter("reflowed", reflowed)
