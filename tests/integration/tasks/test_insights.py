"""Insights over the real gateway, broker and database."""

import csv
import io

from kit.clock import now
from tests.waiting import eventually


async def test_a_helped_request_is_seen_in_times_funnel_and_table(ask, request_help):
    id_ = (await request_help(to=("SECOND",)))["id"]
    waits = (await ask("GET", "/insights/waiting?agency=SECOND", "kepala.second")).json()
    for action, by, body in (
        ("accept", "kepala.second", {"people": ["citra"]}),
        ("start", "kepala.second", {}),
        ("deliver", "kepala.second", {"summary": "Selesai"}),
        ("confirm", "kepala.asker", {"rating": 4}),
    ):
        assert (await ask.help(id_, action, by, **body)).status_code == 200
    today = now().date().isoformat()
    path = f"/insights/help?from=2026-11-01&to={today}&agency=SECOND"

    async def confirmed():
        shown = (await ask("GET", path, "kepala.setda")).json()
        return shown if shown["funnel"]["confirmed"] else None

    shown = await eventually(confirmed, within_s=20)
    table = await ask("GET", path, "kepala.second", headers={"Accept": "text/csv"})

    (pair,) = [item for item in shown["items"] if item["responding_agency"] == "SECOND"]
    assert pair["asking_agency"] == "ASKER"
    assert pair["total"]["response"]["count"] >= 1
    assert pair["total"]["completion"]["within_target"] >= 1
    assert pair["active_from"] is None
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert table.headers["content-type"].startswith("text/csv")
    assert rows[0]["total_response_count"] == str(pair["total"]["response"]["count"])
    assert waits["items"] == [] or waits["items"][0]["agency"] in {"SECOND", None}


async def test_what_waits_is_shown_to_who_answers_for_it(ask, request_help):
    await request_help(to=("OTHER",))

    async def waits():
        shown = (await ask("GET", "/insights/waiting", "kepala.other")).json()
        return [
            item
            for item in shown["items"]
            if item["agency"] == "OTHER" and item["to_answer"]  # others leave more
        ]

    (item,) = await eventually(waits, within_s=20)
    table = await ask("GET", "/insights/waiting", "admin", headers={"Accept": "text/csv"})

    assert item["to_answer"] >= 1
    assert "OTHER," in table.text


async def test_nobody_sees_the_figures_of_agencies_they_do_not_answer_for(ask):
    path = "/insights/help?from=2026-11-01&to=2026-11-30"
    theirs = await ask("GET", f"{path}&agency=SECOND", "kepala.other")
    nobody = await ask("GET", path, "ani")

    assert (theirs.status_code, nobody.status_code) == (403, 403)


async def test_a_stretch_is_at_most_a_year_and_ends_after_it_begins(ask):
    long = await ask("GET", "/insights/help?from=2025-01-01&to=2026-11-30", "admin")
    back = await ask("GET", "/insights/help?from=2026-11-30&to=2026-11-01", "admin")

    assert [answer.json()["errors"][0]["pointer"] for answer in (long, back)] == ["/to", "/to"]
