"""What every domain error says: what happened, and what to do. A file per family of acts, each a table by code."""

from __future__ import annotations

from contest.errors import ContestError
from web.sentences import (
    amending,
    awarding,
    certificates,
    door,
    files,
    judging,
    registering,
    review,
    setting_up,
    staging,
)
from web.sentences.shape import Table, nothing_done

SENTENCES: Table = (
    amending.SENTENCES
    | awarding.SENTENCES
    | certificates.SENTENCES
    | door.SENTENCES
    | files.SENTENCES
    | judging.SENTENCES
    | registering.SENTENCES
    | review.SENTENCES
    | setting_up.SENTENCES
    | staging.SENTENCES
)


def sentence(error: ContestError) -> str:
    """The sentence of a domain error in the page's language."""
    say = SENTENCES.get(error.code)
    return say(error.args_) if say else nothing_done()
