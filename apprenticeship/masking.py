"""Keep links that grant something out of the log."""

import logging
import re

TOKEN = re.compile(
    r"(/(?:sign|preview|join|interest/confirm|interest/mine|interest/email|interest/unsubscribe|interest/invited|candidates/weekly/stop)/)[\w-]{20,}"
)


class MaskTokens(logging.Filter):
    """Replace the token in every path that a log line names."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask message and arguments; let every line through."""
        record.msg = mask(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(mask(value) for value in record.args)
        return True


def mask(value: object) -> object:
    """Return text with its tokens replaced; anything else as it is."""
    return TOKEN.sub(r"\1…", value) if isinstance(value, str) else value
