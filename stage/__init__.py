"""What drives the show: the desk of the chief judge and the scorekeeper."""
