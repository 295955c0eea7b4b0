"""The study's dashboard in Streamlit, rebuilt: a folium map with one layer for each borough, and two line charts.

Run with ``python -m streamlit run benchmarks/study_dashboard/app.py``. The map has no background, as tiles would come
from other hosts.
"""

from typing import Any

import folium
import pandas as pd
import streamlit as st

from benchmarks.study_dashboard.boundaries import detailed_boroughs
from core.london.panel import london_panel

CENTRE, ZOOM = (51.49, -0.1), 10
SCORE, FORCE = "score_mean_of_8", "records"
BLUES = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")


@st.cache_data
def figures() -> pd.DataFrame:
    return london_panel().frame[["borough", "quarter", SCORE, FORCE]].dropna()


@st.cache_data
def boroughs() -> dict[str, Any]:
    return detailed_boroughs()


def colours(latest: pd.Series) -> dict[str, str]:
    fifths = pd.qcut(latest, len(BLUES), labels=False)
    return {str(borough): BLUES[fifth] for borough, fifth in fifths.items()}


def london_map(fills: dict[str, str]) -> folium.Map:
    drawn = folium.Map(CENTRE, zoom_start=ZOOM, tiles=None)
    for feature in boroughs()["features"]:
        name = feature["properties"]["borough"]
        layer = folium.FeatureGroup(name=name)
        style = {"fillColor": fills.get(name, "#cccccc"), "fillOpacity": 0.7, "color": "black", "weight": 1}
        folium.GeoJson(feature, style_function=lambda _, style=style: style, tooltip=name).add_to(layer)
        layer.add_to(drawn)
    folium.LayerControl().add_to(drawn)
    return drawn


st.title("Use of force and trust in London")
table = figures()
borough = st.selectbox("Borough", sorted(table["borough"].unique()))
last = table.loc[table["quarter"] == table["quarter"].max()].set_index("borough")
st.iframe(london_map(colours(last[SCORE])).get_root().render(), height=600)
chosen = table.loc[table["borough"] == borough].set_index("quarter")
st.line_chart(chosen[SCORE])
st.line_chart(chosen[FORCE])
