"""`flask rehearse`, read in this order: field, mortal, killing, outbox, judging, comparing, ending.

It stands on `commands/replaying`, whose contest, tablets, desk and checks it uses.
"""
