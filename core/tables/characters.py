"""Characters that no document may hold."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML has no place for


def strip_control_characters(text: str) -> str:
    """`text` without control characters and halves of characters."""
    return _FORBIDDEN.sub("", text)
