"""What judges touch: the card, the seat, the score pad and its messages."""
