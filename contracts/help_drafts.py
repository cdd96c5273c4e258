"""Requests for help that are not asked yet: a person's drafts, and templates of an agency."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from contracts.envelope import AgencyCode, Code, CommandBody, EventData, QueryBody, Value
from contracts.help_terms import Mode, Priority, Receivers, Skill
from contracts.paging import Paging
from contracts.text import LongText, ShortText

SketchId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_DRAFTS = "tasks.help_drafts"


class HelpSketch(Value):
    """What is wanted so far; whatever is still missing is named in ``missing`` of the answer."""

    to: Receivers | None = None
    title: ShortText | None = None
    description: LongText | None = None
    skills: tuple[Skill, ...] = Field(default=(), max_length=20)
    people: int = Field(default=1, ge=1, le=200, strict=True)
    priority: Priority = "normal"
    sensitive: bool = False
    mode: Mode = "first"
    area: tuple[Code, ...] = Field(default=(), max_length=50)


class DraftSketch(HelpSketch):
    """A draft: the sketch and the moment the help is needed by."""

    due: AwareDatetime | None = None


class DraftBegun(Value):
    """A new draft, perhaps made from a template: what is said beside it goes first.

    ``asking_agency`` is needed only from somebody who heads several agencies.
    """

    to: Receivers | None = None
    title: ShortText | None = None
    description: LongText | None = None
    skills: tuple[Skill, ...] | None = Field(default=None, max_length=20)
    people: int | None = Field(default=None, ge=1, le=200, strict=True)
    due: AwareDatetime | None = None
    priority: Priority | None = None
    sensitive: bool | None = None
    mode: Mode | None = None
    area: tuple[Code, ...] | None = Field(default=None, max_length=50)
    template: SketchId | None = None
    asking_agency: Code | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Dua orang untuk pendataan", "people": 2}]}
    )


class BeginHelpDraft(DraftBegun, CommandBody, name="tasks.begin_help_draft", feature=_DRAFTS):
    """Somebody begins to write a request for help."""


class ReplaceHelpDraft(CommandBody, name="tasks.replace_help_draft", feature=_DRAFTS):
    """The draft reads like this from now on."""

    draft: SketchId
    if_match: int = Field(ge=0)
    sketch: DraftSketch


class DiscardHelpDraft(CommandBody, name="tasks.discard_help_draft", feature=_DRAFTS):
    """The draft is not needed any more; what it said is forgotten."""

    draft: SketchId


class SendHelpDraft(CommandBody, name="tasks.send_help_draft", feature="tasks.help_requests"):
    """The draft becomes a help request; sent again, it is the same one."""

    draft: SketchId
    if_match: int | None = Field(default=None, ge=0)


class GetHelpDraft(QueryBody, name="tasks.get_help_draft"):
    """An own draft."""

    draft: SketchId


class ListHelpDrafts(Paging, QueryBody, name="tasks.list_help_drafts"):
    """The caller's own drafts that were not sent yet, the newest change first."""


class HelpDraftView(DraftSketch):
    """A draft as its author sees it; ``help_request`` is what it became."""

    id: str
    asking_agency: AgencyCode
    template: str | None = None
    missing: tuple[str, ...] = ()
    created_at: AwareDatetime
    changed_at: AwareDatetime
    help_request: str | None = None
    actions: tuple[str, ...] = ()
    version: int


class TemplateTerms(HelpSketch):
    """What requests of a kind have in common; ``due_in_days`` after they are begun."""

    name: ShortText
    due_in_days: int | None = Field(default=None, ge=1, le=366, strict=True)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Petugas pendataan",
                    "to": ["DISKOMINFOSP"],
                    "title": "Petugas untuk pendataan",
                    "skills": ["basis data"],
                    "people": 2,
                    "due_in_days": 5,
                }
            ]
        }
    )


class AddHelpTemplate(CommandBody, name="tasks.add_help_template", feature=_DRAFTS):
    """A template for those who ask in the name of an agency and of those below it."""

    agency: Code
    template: TemplateTerms


class ReplaceHelpTemplate(CommandBody, name="tasks.replace_help_template", feature=_DRAFTS):
    """The template reads like this from now on; drafts made from it stay as they are."""

    agency: Code
    id: SketchId
    if_match: int = Field(ge=0)
    template: TemplateTerms


class RetireHelpTemplate(CommandBody, name="tasks.retire_help_template", feature=_DRAFTS):
    """Nothing is begun from the template any more."""

    agency: Code
    id: SketchId


class ListHelpTemplates(Paging, QueryBody, name="tasks.list_help_templates"):
    """The templates that those who ask for an agency may begin from: its own and those above it."""

    agency: str = Field(max_length=40)


class HelpTemplateView(TemplateTerms):
    """A template, and whose it is."""

    id: str
    agency: AgencyCode
    actions: tuple[str, ...] = ()
    version: int


class SketchFacts(EventData):
    """That a draft or template changed; never what it says."""

    sketch: str
    agency: AgencyCode
    at: AwareDatetime

    @classmethod
    def example(cls) -> Self:
        """Of the personnel agency."""
        more: dict[str, Any] = {
            name: "0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a11"
            for name in cls.model_fields
            if name == "help_request"
        }
        return cls(
            sketch="0198f6a2-3c5e-7b6a-9d1f-2f6f0c1b7a31",
            agency=AgencyCode("BKPSDM"),
            at=datetime(2026, 11, 24, 1, 20, tzinfo=UTC),
            **more,
        )


class HelpDraftWritten(SketchFacts, type="tasks.help_draft.written.v1"):
    """A draft was begun or replaced."""


class HelpDraftDiscarded(SketchFacts, type="tasks.help_draft.discarded.v1"):
    """A draft was thrown away."""


class HelpDraftSent(SketchFacts, type="tasks.help_draft.sent.v1"):
    """A draft became a help request."""

    help_request: str


class HelpTemplateWritten(SketchFacts, type="tasks.help_template.written.v1"):
    """A template was added or replaced."""


class HelpTemplateRetired(SketchFacts, type="tasks.help_template.retired.v1"):
    """A template is not offered any more."""
