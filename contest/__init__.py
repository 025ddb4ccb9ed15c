"""The shared model of a contest.

Entry        what competes: a person or a team with a title; `entry` is its text code ("08" is not 8)
Round        one stage of judging; an Appearance is one entry in one round, with its place in the running order
Panel        the judges of a round; a Seat is a chair of it, a Sitting is a person on a seat for a stretch of the order
Mark         what one judge gives for one criterion; a Sheet is all marks of one judge for one appearance
Score        what the rules derive: the panel's score, then adjustments (penalties, bonuses, measured values)
Ruling       a decision that is not a mark: zero, void, recused, absent, withdrawn, disqualified, lot
Standing     an entry's place and score with every step that led there; outside the ranking it carries a status instead
Release      the moment an appearance's score may be seen; a Seal fixes the standings of a round under a number
Ledger       the hash chain over everything that can change a result
Folder       a contest as files (CSV and TOML): import, export, public recount

Read in this order: rules/shape.py (what a rule file says), rules/facts.py (what happened), rules/computing.py (facts to
standings), rules/outcome.py (what comes out), then models/, then the verbs.
"""
