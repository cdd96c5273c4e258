"""The lines of a checklist, and who ticked them; pure."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.outcome import Refusal
from contracts.work_items import ChecklistLine
from services.tasks.work_items.model import ChecklistItem, Deed


def numbered(
    wanted: Sequence[ChecklistLine], known: Sequence[ChecklistItem], deed: Deed
) -> tuple[ChecklistItem, ...]:
    """The lines of a checklist; known ones keep their id and who ticked them, new ones get one."""
    by_id = {each.id: each for each in known}
    following = max((int(each.id) for each in known), default=0)
    items: list[ChecklistItem] = []
    for place_, line in enumerate(wanted):
        if line.id is not None and line.id not in by_id:
            raise Refusal.invalid(f"/checklist/{place_}/id", "is not a line of this checklist")
        if line.id is None:
            following += 1
        item = by_id.get(line.id or "") or ChecklistItem(str(following), line.text)
        if item.done != line.done:
            item = ticked_by(item, line.done, deed)
        items.append(replace(item, text=line.text))
    if len({each.id for each in items}) != len(items):
        raise Refusal.invalid("/checklist", "names a line twice")
    return tuple(items)


def ticked_by(item: ChecklistItem, done: bool, deed: Deed) -> ChecklistItem:
    """The line as done by somebody, or as not done after all."""
    if not done:
        return ChecklistItem(item.id, item.text)
    return replace(item, done=True, done_by=deed.by, done_at=deed.at)
