"""Published files on London: the survey, use of force, recorded crime, population and boundaries."""
