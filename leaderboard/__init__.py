"""What screens and phones receive: home, board, big screen, live streams."""
