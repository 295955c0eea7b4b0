"""The map of small areas: bytes sent to the browser, uncompressed and compressed, and time to build it."""

import zlib
from functools import partial

from benchmarks.measuring import Row, best_seconds
from core.crime.geography.map import STYLES, Style, geometries, lsoa_deck
from core.crime.geography.rate_map import lsoa_map_data
from core.crime.geography.spatial import outlines
from core.crime.loaders import west_midlands
from core.crime.lsoa_rates import lsoa_rates
from core.tables.geometry import dissolve

SENT_KB = 1000
WINDOW, MEMORY = -12, 5  # compression settings of the server


def measure() -> list[Row]:
    """Kilobytes of the 1,680 LSOAs with their districts and places, and milliseconds to build and to change the map."""
    area = west_midlands()
    shapes = outlines(area)
    texts, rates = geometries(shapes), lsoa_rates(area)
    codes = area.lsoas.groupby("district")["lsoa11_code"]
    borders = {str(name): dissolve(shapes[code] for code in own) for name, own in codes}
    shown = lsoa_map_data(area, rates)
    draw = partial(lsoa_deck, shown, texts, area.places, borders=borders)
    new = best_seconds(lambda: lsoa_deck(lsoa_map_data(area, rates), texts, area.places, borders=borders))
    picked = best_seconds(lambda: draw(picked=rates["lsoa11_code"].iloc[0]))
    return [
        *(row for style in STYLES for row in _size_rows(draw(style=style).to_json(), style)),
        Row("map of small areas: made for another figure", new * 1000, "ms"),
        Row("map of small areas: made for another pick", picked * 1000, "ms"),
    ]


def _size_rows(text: str, style: Style) -> list[Row]:
    sent = text.encode()
    packer = zlib.compressobj(wbits=WINDOW, memLevel=MEMORY)
    packed = len(packer.compress(sent) + packer.flush())
    return [
        Row(f"map of small areas, {style}: before packing", len(sent) / 1000, "kB"),
        Row(f"map of small areas, {style}: as the websocket sends it", packed / 1000, "kB", most=SENT_KB),
    ]
