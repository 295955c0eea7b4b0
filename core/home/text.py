"""What the front page says besides the answers."""

TITLE = "What do the figures say about the police, trust and crime where you live?"
INTRODUCTION = (
    "Published figures, analysed with methods that fit them. Each page says what is known, how sure that is, and what "
    "you can quote."
)
FIND = "Find your borough or neighbourhood"
FIND_PLACEHOLDER = "Type a borough, a district or a ward, and press Enter"
FACT_CHECK = "Fact-check: two studies put to the test"
ABOUT_FACT_CHECK = (
    "This site grew out of two student studies that gave firm answers. Each of their questions has a page that repeats "
    "the study's answer and asks again with better methods."
)
ABOUT = "About the data"
WHO = (
    "Made independently of any police force and of government. The figures, the methods and the code are open. Found "
    "a mistake, or missing something? Write to whoever runs this site, or open an issue in the project's repository."
)
WHATS_NEW = (
    "New: pages for your borough and your neighbourhood, trust to {survey}, every police force of England that "
    "publishes, and an answer that says *clear* only where it survives other ways of asking."
)


def dates(survey: str, force: str, crime: str) -> str:
    """How far the figures run, in a list.

    Parameters
    ----------
    survey, force
        Months of the last survey figure, and of the last figure on use of force.
    crime
        What period the figures on crime are of.
    """
    return (
        f"- Trust in the police in London: to {survey}.\n"
        f"- Use of force by London borough: to {force}, the last that is published.\n"
        f"- Crime in neighbourhoods of England: {crime}; deprivation: 2025."
    )
