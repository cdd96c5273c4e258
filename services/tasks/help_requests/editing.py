"""How what is wanted is changed while nobody has accepted, and what a stale editor is told."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import get_args

from contracts import tasks
from contracts.help_acts import HelpEdits
from contracts.help_terms import HelpAction
from contracts.outcome import Decision
from services.tasks.help_requests.asking import check_due, whole, with_words
from services.tasks.help_requests.happening import Outcome, happened
from services.tasks.help_requests.model import Change, Deed, Happening, HelpRequest
from services.tasks.help_requests.standing import acting


@dataclass(frozen=True, slots=True)
class Edits:
    """The fields somebody wants otherwise; None leaves a field as it is."""

    title: str | None = None
    description: str | None = None
    skills: tuple[str, ...] | None = None
    people: int | None = None
    due: datetime | None = None

    @classmethod
    def of(cls, body: HelpEdits) -> "Edits":
        """What a call wants changed."""
        due = whole(body.due) if body.due else None
        return cls(body.title, body.description, body.skills, body.people, due)


def edit(request: HelpRequest, deed: Deed, edits: Edits) -> Outcome:
    """The asking side wants it otherwise; what already reads so is no change."""
    acting(request, deed, "edit")
    named = {each.name: getattr(edits, each.name) for each in fields(edits)}
    if edits.due is not None and edits.due != request.due:
        check_due(edits.due, deed.at)
    changes = tuple(
        Change(name, getattr(request, name), value)
        for name, value in named.items()
        if value is not None and value != getattr(request, name)
    )
    if not changes:
        return Decision(request)
    unproposed = replace(request, awaiting_approval=())  # it was for what was wanted before
    edited = replace(unproposed, **{each.field: each.after for each in changes})  # type: ignore[arg-type]  # names and values come from the same fields
    return happened(
        request,
        with_words(edited),
        deed,
        "edit",
        tasks.HelpEdited,
        changes=changes,
        changed=tuple(each.field for each in changes),
    )


def since(request: HelpRequest, version: int, seen: int) -> Sequence[Happening]:
    """What happened after the version somebody has seen, oldest first.

    Every action is a version; lines that clocks add may make it more, never less, than was missed.
    """
    lines, acts = request.timeline, get_args(HelpAction)
    places = [place for place, line in enumerate(lines) if line.action in acts]
    missed = version - seen
    return lines[places[-min(missed, len(places))] :] if places and missed > 0 else ()
