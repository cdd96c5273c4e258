"""Files and ordinary tasks."""

from tests.integration.access.calls.making import Call, Sent, plain
from tests.integration.access.world import World


def _about_upload(action: str) -> Call:
    """A file that the employee has sent and nothing refers to."""

    def about(world: World, _role: str, kind: str) -> Sent:
        return Sent(f"/v1/uploads/{world.uploads[kind]}{action}")

    return Call(("own", "unknown"), about)


CALLS: dict[str, Call] = {
    "POST /v1/uploads": plain(
        "/v1/uploads",
        params={"name": "matriks.txt"},
        content=b"Uji matriks akses.",
        headers={"Content-Type": "text/plain"},
    ),
    "GET /v1/uploads/{id}": _about_upload(""),
    "GET /v1/uploads/{id}/content": _about_upload("/content"),
}
