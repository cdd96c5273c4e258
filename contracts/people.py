"""How a person is shown wherever an answer names one."""

from contracts.envelope import Value


class PersonView(Value):
    """A person in an answer: never the civil-servant number, never the employment."""

    id: str
    name: str
    position: str | None = None
    agency: str | None = None
