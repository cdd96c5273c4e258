"""The separate program that computes scores from exported facts."""

import ast
import sys
from typing import Any

import pytest

from deploy.demo.play.scores import PROGRAM, compare, recompute

PERIOD = "2026-11"


def a_day(number: int, *, late: int = 0, sequence: int = 1, **more: Any) -> dict[str, Any]:
    data = {
        "status": "late" if late else "present",
        "working_day": True,
        "late_minutes": late,
        "first_in": f"2026-11-{number:02}T00:20:00Z",
    }
    return {
        "type": "attendance.day.changed.v1",
        "subject": f"e1:2026-11-{number:02}",
        "sequence": sequence,
        "employee": "e1",
        "people": [],
        "period": PERIOD,
        "data": data | more,
    }


def a_rating(subject: str, rating: int | None, *, people: tuple[str, ...] = ("e1",)) -> Any:
    return {
        "type": "tasks.help_request.confirmed.v1",
        "subject": subject,
        "sequence": 7,
        "employee": None,
        "people": list(people),
        "period": PERIOD,
        "data": {"rating": rating},
    }


async def score(*facts: dict[str, Any]) -> dict[str, Any]:
    return await recompute({"employee": "e1", "period": PERIOD, "facts": list(facts)})


async def test_without_facts_there_is_no_score() -> None:
    assert await score() == {
        "score": None,
        "lines": [],
        "missing": ["punctuality", "help_rating"],
    }


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([a_day(2), a_day(3)], "100.0000"),
        ([a_day(2), a_day(3), a_day(4, late=1)], "66.6667"),
        ([a_day(2), a_day(3, status="leave"), a_day(4, working_day=False)], "100.0000"),
        ([a_day(2), a_day(3, status="absent", first_in=None)], "50.0000"),
        ([a_day(2, late=9), a_day(2, sequence=3), a_day(2, late=9, sequence=2)], "100.0000"),
        ([a_day(2), a_rating("h1", 4)], "92.5000"),
        ([a_day(2), a_rating("h1", None)], "100.0000"),
        ([a_day(2), a_rating("h1", 1, people=("e2",))], "100.0000"),
        ([a_rating("h1", 4), a_rating("h2", 5)], "90.0000"),
    ],
    ids=[
        "in time",
        "late once in three",
        "only judged days count",
        "absence counts against",
        "the newest fact about a day rules",
        "weights of 50 and 30 are spread over 100",
        "without a rating it is missing",
        "the help of others is not mine",
        "the mean of ratings",
    ],
)
async def test_the_score_follows_from_the_facts(facts: list[Any], expected: str) -> None:
    found = await score(*facts)

    assert found["score"] == expected


async def test_a_figure_that_differs_is_named() -> None:
    again = await score(a_day(2), a_day(3, late=1))
    card = again | {"score": "50.0001", "lines": [again["lines"][0] | {"weight": "99.0000"}]}

    assert compare(again, again) == []
    assert len(compare(card, again)) == 2
    assert len(compare(card | {"lines": []}, again)) == 2


def test_the_program_imports_the_standard_library_only() -> None:
    tree = ast.parse(PROGRAM.read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in imports
    }

    assert names <= sys.stdlib_module_names
