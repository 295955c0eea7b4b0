"""Is trust lower where police use more force?"""

from core.london.questions import london_question

LONDON_AMOUNT = london_question(
    "london_amount",
    "Is trust lower where police use more force?",
    "police use of force",
    ("records",),
    ("log", "log_per_1000", "per_1000", "count"),
)
