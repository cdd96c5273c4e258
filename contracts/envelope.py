"""What every message carries, whatever it says: commands, queries, verdicts, answers and events.

A *command* asks for a change and is stored durably before anybody is told anything; a *query* asks
for a view and is forgotten at its deadline; an *event* states a fact that has been recorded. The
text of a message (its *body* or *data*) is a model of its own, registered here by its name.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, NewType, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from contracts.outcome import Problem

CommandId = NewType("CommandId", str)
EmployeeId = NewType("EmployeeId", str)
AgencyCode = NewType("AgencyCode", str)
OfficeCode = NewType("OfficeCode", str)

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-_]{0,39}$")]
"""The code of an agency or office: letters, digits, dot, hyphen, underscore; at most 40."""

RoleName = Literal[
    "admin",
    "auditor",
    "operator",
    "subscriber",
    "loader",
    "head",
    "responder",
    "employee",
    "kiosk",
]
"""``responder`` answers requests for help in the name of an agency; its head does so anyway."""
CITY = "*"
"""The scope of a grant that covers the whole city."""


class Value(BaseModel):
    """An immutable record that refuses fields it does not know; errors do not repeat its values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Grant(Value):
    """A role and the agency it holds for, with those below it; ``*`` is the whole city.

    A kiosk's role holds for an office.
    """

    role: RoleName
    scope: str = CITY


class Actor(Value):
    """Who asks: the account, the person behind it, and the rights at the moment of asking."""

    account: str
    employee: EmployeeId | None = None
    agency: AgencyCode | None = None
    grants: tuple[Grant, ...] = ()
    on_behalf_of: EmployeeId | None = None

    def has(self, *roles: RoleName) -> bool:
        """Whether the actor holds one of these roles anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def scopes(self, *roles: RoleName) -> tuple[str, ...]:
        """The agencies (or ``*``) for which the actor holds one of these roles."""
        return tuple(grant.scope for grant in self.grants if grant.role in roles)


class _Named(Value):
    """Lets subclasses take keywords in the class statement, as ``name="…"``."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__()


class CommandBody(_Named):
    """The text of a command; subclasses name themselves and the feature that carries them out."""

    name: ClassVar[str]
    feature: ClassVar[str]
    registry: ClassVar[dict[str, type["CommandBody"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(
        cls, *, name: str | None = None, feature: str = "", **kwargs: Any
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if name is None:
            return  # an abstract base that several commands share
        cls.name, cls.feature = name, feature
        _register(CommandBody.registry, name, cls)


class QueryBody(_Named):
    """The text of a query, or of a request that takes or gives a secret and stores no answer."""

    name: ClassVar[str]
    service: ClassVar[str]
    registry: ClassVar[dict[str, type["QueryBody"]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, *, name: str | None = None, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if name is None:
            return  # an abstract base that several queries share
        cls.name, cls.service = name, name.split(".", 1)[0]
        _register(QueryBody.registry, name, cls)


Audience = Literal["internal", "public"]
ModelType = type[BaseModel]
"""A model's class; inside ``EventData`` the word ``type`` is the event's."""


class EventData(_Named):
    """The text of an event; subclasses state type, audience and the release that brought them.

    ``public`` is the reduced model that readers outside the city see: no person, no free text.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # readers survive added fields

    type: ClassVar[str]
    audience: ClassVar[Audience]
    since: ClassVar[str]
    public: ClassVar[ModelType | None]
    registry: ClassVar[dict[str, Any]] = {}

    @classmethod
    def __pydantic_init_subclass__(
        cls,
        *,
        type: str | None = None,
        public: ModelType | None = None,
        since: str = "1.0",
        **kwargs: Any,
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if type is None:
            return  # an abstract base that several types share
        cls.type, cls.public, cls.since = type, public, since
        cls.audience = "public" if public else "internal"
        _register(EventData.registry, type, cls)

    def about_agency(self) -> AgencyCode | None:
        """The agency the fact is about, where there is one."""
        agency: AgencyCode | None = getattr(self, "agency", None)
        return agency

    def is_withheld(self) -> bool:
        """Whether this fact is not for outsiders, although others of its type are."""
        return False

    @classmethod
    def example(cls) -> Self:
        """A valid instance for documents and contract tests."""
        raise LookupError(f"{cls.__name__} has no example")


B = TypeVar("B", bound=CommandBody)
Q = TypeVar("Q", bound=QueryBody)
D = TypeVar("D", bound=EventData)


class Command(BaseModel, Generic[B]):
    """A change somebody asks for; ``id`` comes from the caller and its Idempotency-Key."""

    model_config = ConfigDict(frozen=True)

    id: CommandId
    name: str
    body: B
    body_hash: str
    actor: Actor
    received_at: AwareDatetime
    correlation_id: str
    traceparent: str | None = None


class Query(BaseModel, Generic[Q]):
    """A view somebody asks for; ``after`` is an ``X-Written`` mark the view should include."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    body: Q
    actor: Actor
    received_at: AwareDatetime
    correlation_id: str
    after: str | None = None
    language: str = "id"


class Verdict(BaseModel):
    """What became of a command; ``result`` is the JSON text of the view that answers it."""

    model_config = ConfigDict(frozen=True)

    command: CommandId
    status: int
    result: str | None = None
    problem: Problem | None = None
    written: str | None = None
    version: int | None = None

    @classmethod
    def ok(cls, command: "Command[Any]", view: BaseModel, *, status: int = 200) -> "Verdict":
        """The verdict of a command that was carried out without a write of its own."""
        return cls(command=command.id, status=status, result=view.model_dump_json(by_alias=True))

    @property
    def accepted(self) -> bool:
        """Whether the change was made."""
        return self.problem is None


class Answer(BaseModel):
    """What a query found; ``result`` is JSON text; ``behind`` says the view lacks ``after``."""

    model_config = ConfigDict(frozen=True)

    status: int = 200
    result: str | None = None
    problem: Problem | None = None
    behind: bool = False
    version: int | None = None
    media_type: str = "application/json"
    base64: bool = False


class Event(BaseModel, Generic[D]):
    """A recorded fact: CloudEvents 1.0 attributes, our extensions and the typed data."""

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: int = Field(ge=1)
    correlationid: str
    causationid: str
    agency: AgencyCode | None = None
    actor: str | None = None
    data: D

    @property
    def mark(self) -> str:
        """The event's place in its aggregate, as ``X-Written`` states it."""
        return f"{self.subject}@{self.sequence}"


def _register(registry: dict[str, Any], name: str, cls: type) -> None:
    known: Mapping[str, Any] = registry
    if name in known and known[name].__qualname__ != cls.__qualname__:
        raise ValueError(f"{name} is declared twice: {known[name]} and {cls}")
    registry[name] = cls


__all__ = [
    "CITY",
    "Actor",
    "AgencyCode",
    "Answer",
    "Audience",
    "Code",
    "Command",
    "CommandBody",
    "CommandId",
    "EmployeeId",
    "Event",
    "EventData",
    "Grant",
    "OfficeCode",
    "Query",
    "QueryBody",
    "RoleName",
    "Value",
    "Verdict",
]
