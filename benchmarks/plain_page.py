"""A plain Streamlit page, which the app is measured against: a select-box, a line chart of 200 points, 20 rows.

Run with ``python -m streamlit run benchmarks/plain_page.py``.
"""

import numpy as np
import pandas as pd
import streamlit as st

SERIES = ("First", "Second", "Third", "Fourth")
POINTS, ROWS = 200, 20

st.title("A plain page")
name = st.selectbox("Series", SERIES)
steps = np.random.default_rng(SERIES.index(name)).normal(size=POINTS)
series = pd.DataFrame({"step": steps, "level": steps.cumsum()})
st.line_chart(series["level"])
st.dataframe(series.head(ROWS))
