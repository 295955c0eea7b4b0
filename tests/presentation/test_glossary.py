import re

import pytest

from core.build import dictionary
from core.build.datasets import SECTIONS
from core.presentation import glossary
from core.presentation.glossary import GLOSSARY, TERMS_OF_ART, Term, explained, meaning
from core.questions.vocabulary import NBSP
from core.tables.catalogue import load_catalogue
from core.tables.options import COVARIANCES
from tests.conftest import ROOT


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.id)
def test_glossary_term_has_one_plain_sentence(term: Term) -> None:
    assert re.fullmatch(r"[A-Z0-9“'].*\.", term.meaning)
    assert len(re.findall(r"[.!?] [A-Z]", term.meaning)) <= 1
    assert not re.search(r"[*_`<>\[\]$]", term.name + term.meaning)
    assert term.name[0].isupper() or not term.name[0].islower() or term.name == "p-value"
    assert not re.search(r"\bcauses?\b", term.meaning)


def test_glossary_term_ids_are_unique() -> None:
    assert len({term.id for term in GLOSSARY}) == len(GLOSSARY)
    assert [term.name for found in glossary.sections().values() for term in found] != []
    assert sum(len(found) for found in glossary.sections().values()) == len(GLOSSARY) == len(glossary.terms_table())


def test_glossary_has_the_help_of_error_options() -> None:
    sentence = {term.meaning for term in GLOSSARY}
    words = {"area": "area", "areas": "areas", "period": "period", "periods": "periods"}
    assert {option.help.format(**words) for name, option in COVARIANCES.items() if name != "two_way"} <= sentence
    assert not any("{" in text for text in sentence)


def test_variables_table_lists_each_variable_with_source() -> None:
    catalogue = load_catalogue()
    listed = {study: glossary.variables_table(catalogue, study) for study in glossary.studies(catalogue)}
    assert list(listed) == list(SECTIONS)
    for study, rows in listed.items():
        assert sorted(rows["Variable"]) == sorted(variable.label for variable in catalogue.of(study))
        assert rows["Source"].str.len().min() > 0
        assert rows["What it is"].str.endswith((".", '"', ")")).all()


def test_variables_text_has_unit_and_source() -> None:
    catalogue = load_catalogue()
    sentence = glossary.variables_text(catalogue, "london").split("\n\n")
    assert len(sentence) == len(glossary.variables_table(catalogue, "london"))
    trust = next(entry for entry in sentence if entry.startswith("**Trust the Met** (share of residents): Share of"))
    origin = "*Public attitudes to the police, by borough.* Mayor's Office for Policing and Crime (MOPAC)."
    assert trust == f"**Trust the Met** (share of residents): {catalogue.help('trust_mps')}  \n{origin}"


def test_fields_text_has_column_names_of_the_file() -> None:
    for note in load_catalogue().tables.values():
        sentence = glossary.fields_text(note).replace(NBSP, " ").split("\n\n")
        assert [entry.split("`")[1] for entry in sentence] == [variable.name for variable in note.fields]
        assert all(variable.definition in entry for entry, variable in zip(sentence, note.fields, strict=True))


def test_terms_text_has_meaning_and_no_breaking_spaces_before_units() -> None:
    for term in glossary.GLOSSARY:
        sentence = glossary.terms_text([term])
        assert sentence.replace(NBSP, " ") == f"**{term.name}**: {term.meaning}"
        assert " %" not in sentence


def test_data_dictionary_is_up_to_date() -> None:
    written = (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary.dictionary(load_catalogue()), "run `python -m core.build.dictionary`"


def test_data_dictionary_names_each_variable_and_table() -> None:
    text = dictionary.dictionary(load_catalogue())
    for table in load_catalogue().tables.values():
        assert f"`{table.path}`" in text
    assert {f"`{variable.name}`" for variable in load_catalogue()} <= set(re.findall(r"^(`\w+`):", text, re.MULTILINE))


def test_dictionary_command_writes_the_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("docs") / "dictionary.md"
    dictionary.main(["--out", str(out)])
    assert out.read_text(encoding="utf-8") == dictionary.dictionary(load_catalogue())


def test_explained_names_each_term_of_art_once_and_nothing_else() -> None:
    text = explained("95% intervals with errors clustered by MSOA; the rank correlation (Spearman) and R² too.")
    assert text is not None
    assert re.findall(r"\*\*(.+?)\*\*", text) == ["95% interval", "MSOA", "R-squared", "Spearman correlation"]
    assert explained("Each dot is a borough.") is None


@pytest.mark.parametrize("name", TERMS_OF_ART)
def test_explained_finds_a_term_by_its_name(name: str) -> None:
    assert f"**{name}**: {meaning(name)}" in (explained(f"Here the {name} is shown.") or "")
