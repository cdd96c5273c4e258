"""The home page: parts come at once, and a late one does not hold up the others."""

import pytest

from contracts.envelope import Answer
from contracts.outcome import Problem
from gateway.home import HomeView
from kit.messaging.client import Unavailable

PARTS = {
    "attendance.get_day": '{"expected":{"start":"2099-01-01T07:30:00+07:00","end":null}}',
    "attendance.get_presence": '{"present":1}',
    "tasks.list_help_requests": '{"items":[{},{}],"next_cursor":null}',
    "tasks.list_tasks": '{"items":[{}],"next_cursor":null}',
    "tasks.list_notifications": '{"items":[{}],"next_cursor":null,"unread":7}',
    "attendance.list_approvals": '{"items":[{},{},{}],"next_cursor":null}',
    "kpi.get_employee_scorecard": '{"score":"91.2500"}',
}


@pytest.fixture
def parts(courier):
    told = {name: Answer(result=result) for name, result in PARTS.items()}

    async def query(query, deadline_s):
        answer = told[query.name]
        if isinstance(answer, Exception):
            raise answer
        return answer

    courier.query = query
    return told


async def test_everything_is_put_together(client, parts):
    told = (await client.get("/v1/me/home")).json()

    assert told["score"] == "91.2500"
    assert told["counts"] == {"inbox": 0, "tasks": 3, "approvals": 3, "notifications": 7}
    assert told["today"]["next_change"] == "2099-01-01T07:30:00+07:00"
    assert told["missing"] == []
    assert set(told) == set(HomeView.model_fields)


async def test_a_late_part_is_null_and_named(client, parts):
    parts["kpi.get_employee_scorecard"] = Unavailable("late")
    parts["tasks.list_help_requests"] = Unavailable("late")
    parts["tasks.list_notifications"] = Unavailable("late")

    told = (await client.get("/v1/me/home")).json()

    assert told["score"] is None
    assert (told["counts"]["tasks"], told["counts"]["notifications"]) == (None, None)
    assert told["today"]["presence"] == {"present": 1}
    assert sorted(told["missing"]) == ["notifications", "score", "tasks"]


async def test_what_does_not_exist_is_null_but_not_late(client, parts):
    parts["attendance.get_day"] = Answer(status=404, problem=Problem(code="not_found"))

    told = (await client.get("/v1/me/home")).json()

    assert told["today"]["day"] is None
    assert told["missing"] == []


async def test_who_decides_about_nobody_has_no_decisions_waiting(client, parts):
    parts["attendance.list_approvals"] = Answer(status=403, problem=Problem(code="forbidden"))

    told = (await client.get("/v1/me/home")).json()

    assert (told["counts"]["approvals"], told["missing"]) == (0, [])
