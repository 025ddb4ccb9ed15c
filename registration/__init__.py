"""The contestant's door: register page by page, files, consent, the pass, check-in."""
