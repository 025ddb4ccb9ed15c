"""`flask contest replay`, read in this order: plan, site, preparing, tablet, desk, listeners, playing, checking."""
