"""What drafts and templates of requests say so far, and what becomes of them; pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from contracts import help_drafts as told
from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_drafts import DraftBegun, DraftSketch, HelpSketch, TemplateTerms
from contracts.help_requests import HelpWanted
from contracts.outcome import Decision, FieldError, Refusal

DraftState = Literal["open", "sent", "discarded"]
NEEDED = ("to", "title", "description", "due")
"""What a request cannot do without."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has written so far; empty once it was thrown away."""

    account: str
    by: EmployeeId | None
    agency: AgencyCode
    sketch: DraftSketch
    created_at: datetime
    changed_at: datetime
    template: str | None = None
    state: DraftState = "open"
    help_request: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields without which it cannot be sent."""
        return tuple(name for name in NEEDED if getattr(self.sketch, name) is None)


@dataclass(frozen=True, slots=True)
class Template:
    """What an agency's requests of a kind have in common."""

    agency: AgencyCode
    terms: TemplateTerms
    changed_at: datetime
    retired: bool = False


def begun_sketch(body: DraftBegun, template: Template | None, at: datetime) -> DraftSketch:
    """The template's words, and over them what is said beside it."""
    told_of = ((name, getattr(body, name)) for name in _FIELDS)
    said = {name: value for name, value in told_of if value is not None}
    if template is None:
        return DraftSketch.model_validate(said)
    terms = template.terms
    common = {name: getattr(terms, name) for name in HelpSketch.model_fields}
    if terms.due_in_days is not None:
        common["due"] = at.astimezone(UTC) + timedelta(days=terms.due_in_days)
    return DraftSketch.model_validate(common | said)


_FIELDS = tuple(DraftSketch.model_fields)


def begin(id_: str, draft: Draft) -> Decision[Draft]:
    """The draft comes into the world."""
    return Decision(draft, (_facts(id_, draft, told.HelpDraftWritten, draft.created_at),))


def rewrite(id_: str, draft: Draft | None, sketch: DraftSketch, at: datetime) -> Decision[Draft]:
    """It reads like this from now on."""
    known = _open(draft, "replace")
    written = replace(known, sketch=sketch, changed_at=max(at, known.changed_at))
    return Decision(written, (_facts(id_, written, told.HelpDraftWritten, at),))


def discard(id_: str, draft: Draft | None, at: datetime) -> Decision[Draft]:
    """It is thrown away with what it said."""
    known = _open(draft, "discard")
    gone = replace(known, state="discarded", sketch=DraftSketch(), changed_at=at)
    return Decision(gone, (_facts(id_, gone, told.HelpDraftDiscarded, at),))


def send(id_: str, draft: Draft | None, help_request: str, at: datetime) -> Decision[Draft]:
    """It has become this request."""
    if draft is not None and draft.help_request == help_request:
        return Decision(draft)
    known = _open(draft, "send")
    sent = replace(known, state="sent", help_request=help_request, changed_at=at)
    event = told.HelpDraftSent(sketch=id_, agency=sent.agency, at=at, help_request=help_request)
    return Decision(sent, (event,))


def wanted_of(draft: Draft) -> HelpWanted:
    """What the draft asks for; refuses, field by field, what it cannot do without."""
    if draft.state == "discarded":
        raise wrong_state(draft, "send")
    if draft.missing:
        errors = tuple(
            FieldError(pointer=f"/{name}", detail="must be given before it can be sent")
            for name in draft.missing
        )
        raise Refusal("validation_failed", errors=errors)
    return HelpWanted.model_validate({name: getattr(draft.sketch, name) for name in _FIELDS})


def add_template(
    id_: str, agency: AgencyCode, terms: TemplateTerms, at: datetime
) -> Decision[Template]:
    """A template is offered from now on."""
    added = Template(agency, terms, at)
    return Decision(added, (_of_template(id_, added, told.HelpTemplateWritten, at),))


def rewrite_template(
    id_: str, template: Template | None, terms: TemplateTerms, at: datetime
) -> Decision[Template]:
    """It reads like this from now on."""
    written = replace(_offered(template), terms=terms, changed_at=at)
    return Decision(written, (_of_template(id_, written, told.HelpTemplateWritten, at),))


def retire_template(id_: str, template: Template | None, at: datetime) -> Decision[Template]:
    """It is not offered any more."""
    retired = replace(_offered(template), retired=True, changed_at=at)
    return Decision(retired, (_of_template(id_, retired, told.HelpTemplateRetired, at),))


def wrong_state(draft: Draft, action: str) -> Refusal:
    """The refusal that says what became of the draft."""
    return Refusal(
        "wrong_state",
        state=draft.state,
        action=action,
        allowed=["open"],
        help_request=draft.help_request,
    )


def _open(draft: Draft | None, action: str) -> Draft:
    if draft is None:
        raise Refusal("not_found")
    if draft.state != "open":
        raise wrong_state(draft, action)
    return draft


def _offered(template: Template | None) -> Template:
    if template is None or template.retired:
        raise Refusal("not_found")
    return template


def _facts(id_: str, draft: Draft, type_: type[told.SketchFacts], at: datetime) -> told.SketchFacts:
    return type_(sketch=id_, agency=draft.agency, at=at)


def _of_template(
    id_: str, template: Template, type_: type[told.SketchFacts], at: datetime
) -> told.SketchFacts:
    return type_(sketch=id_, agency=template.agency, at=at)
