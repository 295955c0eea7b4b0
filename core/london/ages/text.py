"""What the page on ages says besides its answer."""

AGES_PERIOD, AGES_AFTER = "April 2017 to December 2023", "January to March 2024"


AGES_SHOWN = (
    "This page shows what totals can say. Use of force by age is published for single quarters only in the Met's "
    "yearly workbooks, which are not among these figures; what is here are totals by borough over all quarters. So "
    "boroughs can be compared with each other, but no borough with itself over time, which is what the study's "
    "question needs."
)


AGES_QUARTERLY = (
    "This page shows the full quarterly model, because the figures at hand have use of force by age for every quarter."
)


AGES_UNCHECKED = (
    "The study put four age bands into one model of 864 borough-quarters. Without quarterly ages its coefficients "
    "cannot be worked out again here; they stand as reported."
)
