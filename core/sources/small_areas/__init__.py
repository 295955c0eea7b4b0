"""Published files on small areas (LSOAs): deprivation, population, boundaries and the study of 2019."""
