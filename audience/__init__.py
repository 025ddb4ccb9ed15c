"""What the public opens: a contest's page, its results, and the page behind the hall's QR code."""
