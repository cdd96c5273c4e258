"""The public view of an event's data: what readers outside the city see of it."""

from pydantic import BaseModel

from contracts.envelope import EventData


def public_view(data: EventData) -> BaseModel | None:
    """The data reduced to the public model of its type; None where outsiders see nothing."""
    model = type(data).public
    if model is None or data.is_withheld():
        return None
    return model.model_validate(data.model_dump(by_alias=True))
