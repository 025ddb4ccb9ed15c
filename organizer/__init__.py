"""The organizer's desk: rounds and their states, seats and cards, entries, seals."""
