"""A section with controls of its own runs alone, and the link of the page follows it."""

import asyncio
from urllib.parse import parse_qs

import pytest

from benchmarks.load import forgetful
from benchmarks.protocol import Page, Visit

LINK = {"layer": "analysts", "tab": "models", "district": "Coventry"}


async def changed(root: str) -> tuple[Page, dict[str, int], str, Page]:
    """A change in a section, how often each kind of message came, the link then, and the page opened by it."""
    async with Visit(root) as visit:
        page = await visit.open("crime_types", LINK)
        before = {path for path, fragment in page.fragments.items() if not fragment}
        box = next(box for box in page.of_kind("selectbox") if box.label == "One area")
        option = next(option for option in box.options if option != visit.value(box))
        changed = await visit.choose("One area", option)
        sent = {"kept": len(before & set(changed.elements)), "outside": len(before)}
        link = visit.query
    async with Visit(root) as other:
        query = {name: values[0] for name, values in parse_qs(link, keep_blank_values=True).items()}
        return changed, sent, link, await other.open("crime_types", query)


@pytest.mark.slow
def test_change_in_a_section_runs_it_alone_and_its_link_opens_the_same_page() -> None:
    with forgetful() as server:
        changed_page, counts, link, opened = asyncio.run(changed(server.root))
    assert counts["kept"] == counts["outside"] > 0
    assert "one=" in link
    assert changed_page.view()[1] == opened.view()[1]
    assert changed_page.plain < opened.plain / 2
