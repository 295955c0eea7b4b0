"""Does it matter for trust what happens to the person?"""

from core.london.questions import london_question

OUTCOMES_OF_FORCE = ("arrested", "hospitalised", "detained_mental_health_act", "other_outcome")
LONDON_OUTCOMES = london_question(
    "london_outcomes",
    "Does it matter for trust what happens to the person?",
    "the outcome of force",
    OUTCOMES_OF_FORCE,
    ("count", "per_1000", "share", "log"),
)
