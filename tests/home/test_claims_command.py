import csv
import io

import pytest

from core.claims import ClaimStudy, Verdict
from core.claims.report import counted_once
from core.home import claims_command
from core.home.all_claims import judged_all
from core.registry.studies import CLAIMS as STUDIES
from core.tables.catalogue import Catalogue, CatalogueError

COLUMNS = ["id", "published", "recomputed", "proper", "verdict", "reason"]


def test_claims_command_csv_has_a_row_for_each_finding(
    capsys: pytest.CaptureFixture[str], catalogue: Catalogue
) -> None:
    assert claims_command.main(["--csv"]) == 0
    reader = csv.DictReader(io.StringIO(capsys.readouterr().out))
    rows = list(reader)
    assert reader.fieldnames == COLUMNS
    findings = [id_ for study in STUDIES.values() for id_ in catalogue.read_table(study.table)["id"]]
    assert sorted(row["id"] for row in rows) == sorted(findings)
    by_id = {row["id"]: row for row in rows}
    assert by_id["amount-log-coefficient"]["published"] == "-0.0441"
    assert by_id["records-total"]["recomputed"] == "885267"
    for row in rows:
        assert row["verdict"] in {verdict.text for verdict in Verdict}
        assert row["reason"].endswith(".")
        assert bool(row["recomputed"]) == (row["verdict"] != Verdict.CANNOT_BE_CHECKED.text)


def test_claims_command_lists_each_claim_and_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert claims_command.main([]) == 0
    printed = capsys.readouterr().out
    for claim in judged_all():
        assert f"{claim.finding.id}: {claim.verdict.text}" in printed
    assert printed.rstrip().split("\n")[-1].startswith(f"Of {len(counted_once(judged_all()))} published claims, ")


def test_claims_command_without_figures_stops_with_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise CatalogueError("the package is not there")

    monkeypatch.setattr(claims_command, "judged_all", broken)
    assert claims_command.main(["--csv"]) == 2
    assert capsys.readouterr().err == "Stopped: the package is not there\n"


def test_studies_are_keyed_by_their_names() -> None:
    for name, study in STUDIES.items():
        assert isinstance(study, ClaimStudy)
        assert study.name == name
