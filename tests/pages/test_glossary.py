from core.presentation import glossary
from core.presentation.glossary import GLOSSARY, studies, variables_text
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit


def told(visit: Visit) -> str:
    return "\n".join(item.value for item in visit.at.markdown)


def test_every_term_is_shown_with_its_meaning() -> None:
    text = told(Visit("glossary"))
    for term in GLOSSARY:
        assert glossary.terms_text([term]) in text


def test_a_word_is_looked_up_and_its_link_opens_it() -> None:
    visit = Visit("glossary").set(term="moran_s_i").agrees("GlossaryView")
    assert [header.value for header in visit.at.header] == [
        "Crime in small areas",
        "The variables",
        "Take it with you",
    ]
    assert told(Visit("glossary", visit.query)) == told(visit)


def test_the_variables_of_every_study_have_unit_and_source() -> None:
    visit = Visit("glossary")
    for study in studies(load_catalogue()):
        visit.set(study=study).agrees("GlossaryView")
        assert any(item.value == variables_text(load_catalogue(), study) for item in visit.at.markdown)


def test_a_word_that_is_not_there_gets_a_notice() -> None:
    (notice,) = Visit("glossary", {"term": "salary"}).at.info
    assert "salary" in notice.value
