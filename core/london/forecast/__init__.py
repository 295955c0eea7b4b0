"""What trust will be next, as the page shows it; the methods are in :mod:`core.london.forecasting`."""
