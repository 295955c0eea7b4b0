from core.presentation import glossary
from core.presentation.glossary import GLOSSARY, studies, variables_text
from core.tables.catalogue import load_catalogue
from tests.pages.visiting import Visit


def page_text(visit: Visit) -> str:
    return "\n".join(item.value for item in visit.at.markdown)


def test_glossary_page_shows_every_term_with_its_meaning() -> None:
    text = page_text(Visit("glossary"))
    for term in GLOSSARY:
        assert glossary.terms_text([term]) in text


def test_glossary_term_choice_narrows_page_and_link_restores_it() -> None:
    visit = Visit("glossary").set(term="moran_s_i").agrees("GlossaryView")
    assert [header.value for header in visit.at.header] == [
        "Crime in small areas",
        "The variables",
        "Download and share",
    ]
    assert page_text(Visit("glossary", visit.query)) == page_text(visit)


def test_glossary_study_choice_lists_its_variables() -> None:
    visit = Visit("glossary")
    for study in studies(load_catalogue()):
        visit.set(study=study).agrees("GlossaryView")
        assert any(item.value == variables_text(load_catalogue(), study) for item in visit.at.markdown)


def test_glossary_page_with_unknown_term_shows_notice() -> None:
    (notice,) = Visit("glossary", {"term": "salary"}).at.info
    assert "salary" in notice.value
