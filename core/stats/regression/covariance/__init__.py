"""Covariances of estimates: an estimator a kind of standard error, and what each rests on."""
