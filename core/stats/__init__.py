"""Methods that know no study: regression, ranks, uncertainty, penalised models and what-if."""
