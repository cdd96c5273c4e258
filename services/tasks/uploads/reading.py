"""Whether somebody may read a file: what it belongs to decides."""

from contracts.envelope import Actor
from services.tasks import access, task_access
from services.tasks.context import Tasks
from services.tasks.uploads.model import Upload


async def may_read(actor: Actor, upload: Upload, tasks: Tasks) -> bool:
    """An own file, or one of a task or request that the caller may see; an expired one nobody."""
    if upload.state == "expired":
        return False
    if upload.owner is None:
        return upload.account == actor.account
    city = await tasks.directory.city()
    if upload.owner.kind == "task":
        task = await tasks.work_items.get(upload.owner.id)
        return task is not None and task_access.may_see(actor, task.state, city.tree)
    request = await tasks.requests.get(upload.owner.id)
    return request is not None and access.may_see(actor, request.state, city.tree)
