"""The specification curve: every combination of choices, fitted in batches, and its joint test."""
