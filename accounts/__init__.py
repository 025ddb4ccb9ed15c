"""Sign in and out, and choose a language."""
