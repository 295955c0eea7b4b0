"""Characters that are not allowed in documents."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not allowed in XML


def strip_control_characters(text: str) -> str:
    """`text` without control characters and lone surrogates."""
    return _FORBIDDEN.sub("", text)
