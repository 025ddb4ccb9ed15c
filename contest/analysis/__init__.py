"""What a result looks like from outside the rule file: spread, agreement, recounts without a seat, other algorithms.

Read in this order: marks (a round's marks as a table), spread and agreement (figures about them), recounting (the same
facts without a seat) and alternatives (the same facts under another panel rule). Pure: Python's standard library and
the public names of contest.rules. Nothing here decides a place: the rule file does.
"""
