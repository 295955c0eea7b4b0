import subprocess
from pathlib import Path

import pytest

from benchmarks import versions
from benchmarks.same_exports import differences, main
from benchmarks.versions import ROOT, checked_out


def written(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / "page" / "default" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def test_differences_of_the_same_files_are_none(tmp_path: Path) -> None:
    before, now = (written(tmp_path / version, rows="a,b\n1,2\n") for version in ("before", "now"))
    assert list(differences(before, now)) == []


def test_differences_name_each_file_and_the_lines_that_changed(tmp_path: Path) -> None:
    before = written(tmp_path / "before", rows="a,b\n1,2\n3,4\n", gone="a\n")
    now = written(tmp_path / "now", rows="a,b\n1,2\n3,5\n", added="a\n")
    added, gone, changed = differences(before, now)
    assert added == "page/default/added.csv: is new"
    assert gone == "page/default/gone.csv: is not offered any more"
    assert changed.splitlines()[1:] == ["    @@ -3 +3 @@", "    -3,4", "    +3,5"]


@pytest.mark.slow
def test_page_exports_the_same_as_the_version_that_it_is_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(ROOT), "london_map"]) == 0
    assert "1 pages at 6 links" in capsys.readouterr().out


def test_checked_out_commit_is_there_until_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*command: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *command], cwd=tmp_path, check=True
        )

    git("init", "-q")
    (tmp_path / "figure.csv").write_text("1")
    git("add", "figure.csv")
    git("commit", "-qm", "one")
    (tmp_path / "figure.csv").write_text("2")
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    with checked_out("HEAD") as folder:
        assert (folder / "figure.csv").read_text() == "1"
    assert not folder.exists()
    with checked_out(str(tmp_path)) as folder:
        assert (folder / "figure.csv").read_text() == "2"
