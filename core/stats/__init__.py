"""Methods independent of any study: regression, ranks, uncertainty, penalised models and what-if."""
