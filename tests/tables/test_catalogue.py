import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from core.build.london import DATASET as LONDON
from core.london.panel import AVERAGES, DERIVED, SURVEY_MEASURES, london_panel, london_wide
from core.tables.catalogue import DATA_DIR, Catalogue, CatalogueError, data_dir, load_catalogue
from core.tables.labels import with_labels
from core.tables.schema import Table


def test_catalogue_variables_have_label_unit_and_definition(catalogue: Catalogue) -> None:
    for name in {*london_panel().frame, *london_wide()}:
        variable = catalogue.variable(name)
        assert variable.label
        assert variable.definition.endswith(".")
        assert variable.unit or variable.role in ("key", "context")
        assert len(variable.label) <= 50


def test_catalogue_labels_definitions_and_tables_are_those_declared(catalogue: Catalogue) -> None:
    for table in LONDON.tables:
        note = catalogue.table(table.name)
        assert note.columns == table.columns
        assert note.rows == (33 if table.is_shapes else len(catalogue.read_table(table.name)))
        for field in table.fields:
            variable = catalogue.variable(field.name, table.name)
            assert (variable.label, variable.definition) == (field.label, field.definition)
    assert [field.name for field in catalogue.derived["london"]] == [field.name for field in LONDON.derived]
    assert list(catalogue.of("london").derived) == ["london"]


def test_catalogue_label_axis_and_help_have_the_expected_text(catalogue: Catalogue) -> None:
    assert catalogue.label("trust_mps") == "Trust the Met"
    assert catalogue.axis("records") == "Use-of-force records (per quarter)"
    assert catalogue.axis("borough") == "Borough"
    assert catalogue.help("records").endswith("the rise is in recording at least as much as in force.")
    assert catalogue.variable("records", "use_of_force_ages").unit == "records in 27 quarters"


def test_catalogue_names_have_one_label_in_each_study(catalogue: Catalogue) -> None:
    for note in catalogue.tables.values():
        study = catalogue.of(note.study)
        for variable in note.fields:
            if note.name != "borough_shapes":
                assert variable.label == study.label(variable.name)


def test_catalogue_of_a_study_has_its_own_labels_and_tables(catalogue: Catalogue) -> None:
    crime = catalogue.of("west_midlands", "england")
    assert (catalogue.label("records"), crime.label("records")) == ("Use-of-force records", "Recorded crime")
    assert (catalogue.label("residents"), crime.label("residents")) == ("Residents in the group", "Residents")
    assert {note.study for note in crime.tables.values()} == {"west_midlands", "england"}
    assert crime.read_table("districts").equals(catalogue.read_table("districts"))
    assert len({catalogue.version, crime.version, catalogue.of("england").version}) == 3
    assert [field.name for field in catalogue.derived["london"]] == [field.name for field in LONDON.derived]
    assert list(catalogue.of("london").derived) == ["london"]
    with pytest.raises(
        CatalogueError, match="'wales' is not a study of the catalogue; there are london, west_midlands"
    ):
        catalogue.of("wales")


def test_catalogue_with_role_outcome_lists_survey_measures_and_averages(catalogue: Catalogue) -> None:
    names = [variable.name for variable in catalogue.of("london").with_role("outcome")]
    assert len(SURVEY_MEASURES) >= 9
    assert names[: len(SURVEY_MEASURES)] == list(SURVEY_MEASURES)
    assert set(names[len(SURVEY_MEASURES) :]) >= set(AVERAGES)
    assert set(names) == {*SURVEY_MEASURES, *(field.name for field in DERIVED if field.role == "outcome")}


def test_catalogue_sources_have_licence_and_attribution(catalogue: Catalogue) -> None:
    workbook, dashboard = catalogue.sources("survey", "survey_london")
    for source in (workbook, dashboard):
        assert source.publisher == "Mayor's Office for Policing and Crime (MOPAC)"
        assert source.terms == "Open Government Licence v3.0"
        assert "Open Government Licence" in source.attribution
    assert len(catalogue.of("london").sources()) == 12
    assert len(catalogue.sources()) == len(set(catalogue.sources()))


def test_catalogue_with_unknown_name_suggests_another(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="did you mean 'trust_mps'"):
        catalogue.label("trust_mp")
    with pytest.raises(CatalogueError, match="is not a table of the catalogue; there are boroughs, survey"):
        catalogue.read_table("nothing")
    with pytest.raises(CatalogueError, match="not a variable of the table survey"):
        catalogue.variable("records", "survey")


def test_read_table_gives_the_declared_types(catalogue: Catalogue) -> None:
    findings = catalogue.read_table("published_findings").set_index("id")
    assert findings["decimals"].dtype == "Int64"
    assert findings.loc["records-total", "value"] == 885267
    assert findings.loc["amount-direction", "text"] == "negative"
    assert catalogue.read_table("population")["interpolated"].dtype == bool
    assert catalogue.read_table("survey")["borough"].dtype == "str"


def test_read_table_with_date_column_gives_timestamps(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "ends.csv").write_text("quarter_end\n2017-06-30\n")
    ends = Table("ends", "ends.csv", "Ends", "", (), (catalogue.variable("quarter_end"),))
    dated = Catalogue(tmp_path, "", {"ends": ends}, {})
    assert dated.read_table("ends")["quarter_end"].tolist() == [pd.Timestamp(2017, 6, 30)]


def test_load_catalogue_with_missing_or_damaged_package_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"datapackage\.json is not there; build it with"):
        load_catalogue(tmp_path)
    for text in ("{", "[]", '{"resources": [{}]}', json.dumps({"resources": []})):
        (tmp_path / "datapackage.json").write_text(text)
        with pytest.raises(CatalogueError, match="is not a data package of this app"):
            load_catalogue(tmp_path)


def test_read_table_with_missing_or_damaged_file_raises_an_error(tmp_path: Path) -> None:
    shutil.copytree(DATA_DIR, tmp_path / "data")
    copy = load_catalogue(tmp_path / "data")
    path = copy.path("survey")
    path.write_text("borough,quarter\nBarnet,2014Q4\n")
    with pytest.raises(CatalogueError, match="cannot be read as the table survey"):
        copy.read_table("survey")
    path.unlink()
    with pytest.raises(CatalogueError, match="build it with"):
        london_panel(tmp_path / "data")
    packed = copy.path("lsoa_lookup")
    for cut in (0, 30, 60_000):
        packed.write_bytes(load_catalogue().path("lsoa_lookup").read_bytes()[:cut])
        with pytest.raises(CatalogueError, match="cannot be read as the table lsoa_lookup"):
            copy.read_table("lsoa_lookup")


def test_catalogue_version_changes_with_the_figures(tmp_path: Path, catalogue: Catalogue) -> None:
    shutil.copytree(DATA_DIR, tmp_path / "data")
    path = tmp_path / "data" / "datapackage.json"
    assert load_catalogue(tmp_path / "data").version == catalogue.version
    path.write_text(path.read_text().replace('"hash": "sha256:', '"hash": "sha256:0', 1))
    assert load_catalogue(tmp_path / "data").version != catalogue.version


def test_data_dir_with_environment_variable_is_that_folder(tmp_path: Path) -> None:
    code = "from core.tables.catalogue import DATA_DIR; print(DATA_DIR)"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={"EXPLORER_DATA": str(tmp_path)},
        cwd=DATA_DIR.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.strip() == str(tmp_path)


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        (["/app/streamlit_app.py", "--data", "mine"], "mine"),
        (["streamlit_app.py", "--other", "--data=mine"], "mine"),
        (["streamlit_app.py", "--data"], "ours"),
        (["streamlit_app.py"], "ours"),
        (["pytest", "--data", "mine"], "ours"),
        ([], "ours"),
    ],
)
def test_data_dir_with_command_line_option_is_that_folder(command: list[str], folder: str) -> None:
    assert data_dir(command, {"EXPLORER_DATA": "ours"}) == Path(folder)


def test_london_panel_imports_no_heavy_package() -> None:
    heavy = ("pandera", "frictionless", "streamlit", "statsmodels", "sklearn", "openpyxl", "altair")
    code = (
        "import sys; from core.london.panel import london_panel; london_panel(); "
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=DATA_DIR.parent, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"


def test_with_labels_names_known_variables_and_adds_others(catalogue: Catalogue) -> None:
    named = with_labels(catalogue.of("west_midlands"), {"records": "Recorded crimes", "ln_records": "ln of records"})
    assert (named.label("records"), named.label("ln_records")) == ("Recorded crimes", "ln of records")
    assert named.variable("records").definition == catalogue.of("west_midlands").variable("records").definition
    assert catalogue.label("records") == "Use-of-force records"
