"""Every route, as every role, on every kind of object: the answer is what the table says."""

import pytest

from tests.integration.access.calls import CALLS
from tests.integration.access.matrix import Row, rows, served_routes, statuses_of

TABLE = rows()


def test_every_route_has_its_rows():
    wanted = {(route, about) for route in served_routes() for about in _objects(route)}
    written = {(row.route, row.about) for row in TABLE}

    assert wanted - written == set(), "routes without a row: nobody decided who may call them"
    assert written - wanted == set(), "rows without a route"


def _objects(route: str) -> tuple[str, ...]:
    assert route in CALLS, f"say in calls.py how {route} is called"
    return CALLS[route].objects


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.route} {row.about}")
def test_only_named_roles_come_in_without_a_word(row: Row):
    """A check of the table itself: what needs an account refuses callers without one."""
    if row.route.partition(" ")[2].startswith("/v1/") and "/v1/session" not in row.route:
        assert row.expected["anonymous"] == {401}
        assert row.expected["deactivated"] == {401}


@pytest.mark.system
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.route} {row.about}")
async def test_each_role_is_answered_as_the_table_says(world, row: Row):
    answered = await statuses_of(world, row.route, row.about)

    wrong = {
        role: (status, sorted(row.expected[role]))
        for role, status in answered.items()
        if status is not None and status not in row.expected[role]
    }
    assert wrong == {}
