"""The places of the crime pages, loaded once for all visitors."""
