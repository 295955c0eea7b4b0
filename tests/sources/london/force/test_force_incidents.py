"""Incidents of force: what is read, and what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from core.sources.files.cells import SourceError
from core.sources.london import outside_counts
from core.sources.london.force import force_incidents
from core.sources.london.force.force_incidents import PUBLISHED


def written(folder: Path, **changes: object) -> Path:
    row = dict.fromkeys(PUBLISHED, 0) | {
        "month": "2023-04",
        "borough": "Brent",
        "gss_code": "E09000005",
        "distinct_date_time_borough": 5,
        "subject_black": 3,
        "subject_white": 2,
        "with_ced": 1,
    }
    outside = row | {"borough": "Heathrow", "gss_code": ""}
    pd.DataFrame([row | changes, outside]).to_csv(folder / force_incidents.FILE, index=False)
    return folder


def test_force_incidents_read_leaves_out_what_is_no_borough(tmp_path: Path) -> None:
    found = force_incidents.read(written(tmp_path))
    assert found.frame[["borough", "month", "incidents", "incidents_taser"]].to_numpy().tolist() == [
        ["Brent", "2023-04", 5, 1]
    ]
    assert found.dropped == ("Heathrow: not a borough (5 incidents)",)


def test_force_incidents_read_of_groups_that_do_not_add_up_names_the_row(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="row 2: the ethnic groups do not add up to the incidents"):
        force_incidents.read(written(tmp_path, subject_white=1))


def test_outside_counts_read_without_the_metropolitan_police_says_so(tmp_path: Path) -> None:
    rows = pd.DataFrame({"force": ["Kent"], "year": ["2017-18"], "use_of_force_reports": [5]})
    rows.to_csv(tmp_path / outside_counts.FILE, index=False)
    with pytest.raises(SourceError, match="has no row with the force Metropolitan"):
        outside_counts.read(tmp_path)
