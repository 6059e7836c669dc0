"""Undo the line breaks of a mail in plain text where the page that shows it breaks lines itself."""

import re

from apprenticeship.records.mail_words import COLUMNS

# A point of a list and an address stand on lines of their own, however long the line before is.
_STANDS_ALONE = re.compile(r"\s*(?:[-*•]\s|https?://)")


def reflowed(text: str) -> str:
    """Return the text with every line joined to the one before that had no room for its first word."""
    lines: list[str] = []
    last = ""  # as the mail has it
    for line in text.splitlines():
        if lines and _was_broken(last, line):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
        last = line
    return "\n".join(lines)


def _was_broken(line: str, after: str) -> bool:
    """Whether a line ends only because the next word would have passed the last column."""
    if not line.strip() or not after.strip() or _STANDS_ALONE.match(after) or "://" in line.split()[-1]:
        return False
    return len(line.rstrip()) + 1 + len(after.split()[0]) > COLUMNS
