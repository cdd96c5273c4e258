"""The two kinds of failure that are not bugs; an expected *no* is a ``Refusal`` (contracts)."""


class Transient(Exception):
    """It may work later: the message goes through the retry tiers."""


class StorageAway(Transient):
    """The database does not answer: the message is held until it does."""


class Permanent(Exception):
    """It can never work (unreadable, unknown type): the message goes to its dead queue at once."""
