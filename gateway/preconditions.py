"""``PUT``: what the caller says about the state it writes over."""

from typing import Annotated

from fastapi import Header

from contracts.places import Precondition
from gateway.call import CallContext

Absent = Annotated[
    str | None,
    Header(
        pattern=r"^\*$",
        description="`*`: create only; 412 where the resource exists",
    ),
]


def precondition(call: CallContext, if_none_match: str | None) -> Precondition:
    """The version in ``If-Match``, or that nothing shall be there yet."""
    return Precondition(if_match=call.optional_if_match(), absent=if_none_match is not None)
