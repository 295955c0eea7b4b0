"""The table of pages in ``README.md``, from the registry: ``python -m core.build.readme`` writes it."""

import re
from pathlib import Path

from core.registry.pages import PAGES

FILE = Path(__file__).parents[2] / "README.md"
HEADER = "| page | what it answers |\n|---|---|\n"


def with_pages(text: str) -> str:
    """`text` of a README with the pages of the registry in its table."""
    rows = "".join(f"| `{page.name}` | {page.about} |\n" for page in PAGES)
    return re.sub(rf"{re.escape(HEADER)}(\|.*\n)*", lambda _: HEADER + rows, text)


def main() -> None:
    """Write the table."""
    FILE.write_text(with_pages(FILE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
