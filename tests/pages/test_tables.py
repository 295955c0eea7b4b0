"""How tables write numbers: each column in its own format, which is sent to the browser."""

import json

from streamlit.testing.v1 import AppTest


def page() -> None:
    import pandas as pd

    from core.app import render

    render.table(pd.DataFrame({"name": ["a", "b"], "count": [165, 9823], "value": [1.25, 30.0]}), "numbers", 2)


def test_table_sends_number_format_of_each_column() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    (table,) = app.dataframe
    columns = json.loads(table.proto.columns)
    sentence = {name: (columns[name].get("type_config") or {}).get("format") for name in columns}
    assert sentence == {"_index": None, "name": None, "count": "%,.0f", "value": "%.2f"}
