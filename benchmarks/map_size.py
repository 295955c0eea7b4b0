"""The borough map: bytes that go to the browser, against the study's dashboard."""

from benchmarks.measuring import Row
from core.borough_map import MapView, borough_figures, whole_view
from core.catalogue import catalogue
from core.london import london_panel
from core.maps import borough_shapes, deck, map_features

STUDY_MB = 1.52  # the dashboard of the study sends detailed boundaries, indented
SHARE = 0.1


def measure() -> list[Row]:
    """Kilobytes of the map as it is sent, before the websocket compresses it."""
    words, panel = catalogue(), london_panel()
    shown = borough_figures(whole_view(MapView(), panel), panel, words)
    features = map_features(borough_shapes(words.path("borough_shapes")), shown.rows, shown.scale, picked="")
    sent = len(deck(features).to_json().encode()) / 1e6
    return [
        Row("borough map, as sent", sent * 1000, "kB", most=STUDY_MB * SHARE * 1000),
        Row("the study's dashboard", STUDY_MB * 1000, "kB"),
        Row("share of the study's dashboard", sent / STUDY_MB, "", most=SHARE),
    ]
