"""Certificates: layout, issuing, printing in batches, corrections, the public check."""
