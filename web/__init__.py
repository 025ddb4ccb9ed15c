"""What every blueprint needs from Flask: db, login, errors, live streams, links and codes, limits, languages."""
