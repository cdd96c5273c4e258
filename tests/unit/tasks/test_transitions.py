"""The table of transitions against the one that was agreed, cell by cell."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.outcome import Refusal
from services.tasks.help_requests import decisions, transitions
from services.tasks.help_requests.editing import Edits, edit
from services.tasks.help_requests.remarks import attach, comment
from services.tasks.help_requests.transitions import ACTIONS, MOVES, STATES
from tests.unit.tasks.builders import A_FILE, TUESDAY, a_deed, in_state

# from | action | by | to | only when: written by hand from the contract, not from the code
AGREED = """
requested   | accept       | receiving          | accepted requested
requested   | approve      | approving          | accepted    | proposed
requested   | reject       | approving          | requested   | proposed
accepted    | approve      | approving          | accepted    | proposed
accepted    | reject       | approving          | accepted    | proposed
in_progress | approve      | approving          | in_progress | proposed
in_progress | reject       | approving          | in_progress | proposed
requested   | decline      | receiving          | declined requested
requested   | hand-on      | receiving          | requested
accepted    | accept       | receiving          | accepted    | people missing
in_progress | accept       | receiving          | in_progress | people missing
accepted    | decline      | receiving          | accepted    | people missing
in_progress | decline      | receiving          | in_progress | people missing
requested   | ask          | receiving          | clarifying
accepted    | ask          | receiving          | clarifying
in_progress | ask          | receiving          | clarifying
clarifying  | answer       | asking             | requested accepted in_progress
requested   | withdraw     | asking             | withdrawn
clarifying  | withdraw     | asking             | withdrawn
accepted    | withdraw     | asking             | withdrawn
in_progress | withdraw     | asking             | withdrawn
requested   | edit         | asking             | requested
clarifying  | edit         | asking             | clarifying  | not accepted
requested   | expire       | timer              | expired
clarifying  | expire       | timer              | expired
accepted    | assign       | receiving          | accepted
accepted    | start        | assigned receiving | in_progress
accepted    | hand-on      | receiving          | requested accepted
in_progress | assign       | receiving          | in_progress
in_progress | log          | assigned receiving | in_progress
in_progress | deliver      | assigned receiving | delivered in_progress
delivered   | confirm      | asking             | confirmed
delivered   | return       | asking             | in_progress
delivered   | auto-confirm | timer              | confirmed
"""
REMARKS = [
    [state, action, "asking receiving assigned", state]
    for state in ("requested", "clarifying", "accepted", "in_progress", "delivered")
    for action in ("comment", "attach")
]
ROWS = [[cell.strip() for cell in line.split("|")] for line in AGREED.strip().splitlines()]
ROWS += REMARKS
WHEN = {(row[0], row[1]): row[4] for row in ROWS if len(row) > 4}
WHOLE = {(row[0], row[1]): (frozenset(row[2].split()), frozenset(row[3].split())) for row in ROWS}
LATER = {"people missing", "proposed"}
TABLE = {cell: row for cell, row in WHOLE.items() if WHEN.get(cell) not in LATER}
"""What is possible with a request that the first to accept has alone, without asking the head."""
SIDES = ("asking", "receiving", "approving", "assigned", "timer")
AGENCY = {
    "asking": "ASKER",
    "receiving": "HELPER",
    "approving": "HELPER",
    "assigned": "HELPER",
    "timer": None,
}

DO = {
    "accept": lambda r, d: decisions.accept(r, d, ["ani"]),
    "approve": decisions.approve,
    "reject": lambda r, d: decisions.reject(r, d, "Tidak kali ini"),
    "decline": lambda r, d: decisions.decline(r, d, "Penuh"),
    "ask": lambda r, d: decisions.ask(r, d, "Apa?"),
    "answer": lambda r, d: decisions.answer(r, d, "Itu"),
    "assign": lambda r, d: decisions.assign(r, d, ["budi"]),
    "start": decisions.start,
    "log": lambda r, d: decisions.log_work(r, d, 30, "Mulai"),
    "deliver": lambda r, d: decisions.deliver(r, d, "Selesai"),
    "confirm": lambda r, d: decisions.confirm(r, d, 4),
    "return": lambda r, d: decisions.send_back(r, d, "Kurang"),
    "withdraw": lambda r, d: decisions.withdraw(r, d, "Batal"),
    "hand-on": lambda r, d: decisions.hand_on(r, d, "OTHER", "Bukan bidang kami"),
    "comment": lambda r, d: comment(r, d, "Kabel sudah datang"),
    "attach": lambda r, d: attach(r, d, A_FILE),
    "edit": lambda r, d: edit(r, d, Edits(people=r.people + 1)),
}


def test_table_is_the_agreed_one():
    ours = {cell: (frozenset(row.sides), frozenset(row.to)) for cell, row in MOVES.items()}
    when = {cell: row.when for cell, row in MOVES.items() if row.when != "always"}

    assert ours == WHOLE
    assert when == WHEN


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("action", sorted(DO))
@pytest.mark.parametrize("state", STATES)
def test_every_state_action_and_side_ends_as_the_table_says(state, action, side):
    request = in_state(state)
    deed = a_deed(side, AGENCY[side], at=request.changed_at + timedelta(minutes=1), by="ani")
    allowed_by, to = TABLE.get((state, action), (frozenset(), frozenset()))

    if side in allowed_by:
        decision = DO[action](request, deed)

        assert decision.state.state in to
        assert [event.state for event in decision.events] == [decision.state.state]
        last = decision.state.timeline[-1]
        assert (last.action, last.before, last.after) == (action, state, decision.state.state)
        return
    with pytest.raises(Refusal) as refused:
        DO[action](request, deed)
    problem = refused.value.problem
    if (state, action) not in TABLE:
        allowed = sorted(of for of, act in TABLE if act == action)
        assert problem.code == "wrong_state"
        assert problem.facts["state"] == state
        assert problem.facts["action"] == action
        assert sorted(problem.facts["allowed"]) == allowed
    else:
        both = {"asking", "receiving"} <= allowed_by
        one = "asking" if allowed_by == {"asking"} else "receiving"
        assert problem.code == ("forbidden" if both else f"not_the_{one}_agency")


@pytest.mark.parametrize("action", ["expire", "auto-confirm"])
@pytest.mark.parametrize("state", STATES)
def test_a_timer_moves_only_what_the_table_says_and_only_when_due(state, action):
    request = in_state(state)
    ring = decisions.expire if action == "expire" else decisions.confirm_by_silence
    far = a_deed("timer", None, at=request.requested_at + timedelta(days=400))
    early = a_deed("timer", None, at=request.changed_at)

    late_outcome, early_outcome = ring(request, far), ring(request, early)

    assert early_outcome == decisions.Decision(request)
    if (state, action) in TABLE:
        assert late_outcome.state.state in TABLE[state, action][1]
        assert len(late_outcome.events) == 1
    else:
        assert late_outcome == decisions.Decision(request)


def test_a_question_from_accepted_does_not_expire():
    accepted = in_state("accepted")
    asked = decisions.ask(accepted, a_deed(at=TUESDAY + timedelta(minutes=5)), "Apa?").state

    assert asked.timer is None


@pytest.mark.parametrize("back", ["requested", "accepted", "in_progress"])
def test_an_answer_goes_back_to_where_the_question_came_from(back):
    before = in_state(back)
    at = before.changed_at + timedelta(minutes=1)
    asked = decisions.ask(before, a_deed(at=at), "Apa?").state

    answered = decisions.answer(asked, a_deed("asking", "ASKER", at=at), "Itu").state

    assert answered.state == back
    assert answered.question is None
    assert all(pause.end is not None for pause in answered.pauses)


def test_what_is_due_has_happened_before_the_clock_rings():
    request = in_state("requested")

    with pytest.raises(Refusal) as refused:
        decisions.accept(request, a_deed(at=request.due), ["ani"])

    assert refused.value.problem.facts["state"] == "expired"


def test_of_several_receivers_only_the_one_that_declines_leaves():
    request = in_state("requested", ("HELPER", "SECOND"))

    one = decisions.decline(request, a_deed(agency="HELPER"), "Penuh")
    both = decisions.decline(one.state, a_deed(agency="SECOND"), "Penuh")

    assert one.state.state == "requested"
    assert one.events[0].responding_agency == "HELPER"
    assert one.state.declined_agencies == ("HELPER",)
    assert both.state.state == "declined"


def test_who_declined_cannot_accept_any_more():
    request = in_state("requested", ("HELPER", "SECOND"))
    left = decisions.decline(request, a_deed(agency="HELPER"), "Penuh").state

    with pytest.raises(Refusal) as refused:
        decisions.accept(left, a_deed(agency="HELPER"), ["ani"])

    assert refused.value.problem.code == "not_the_receiving_agency"


def test_the_loser_of_several_is_told_who_accepted():
    request = in_state("requested", ("HELPER", "SECOND"))
    taken = decisions.accept(request, a_deed(agency="HELPER"), ["ani"]).state

    with pytest.raises(Refusal) as refused:
        decisions.accept(taken, a_deed(agency="SECOND"), ["citra"])

    assert refused.value.problem.code == "wrong_state"
    assert refused.value.problem.facts["helping_agency"] == "HELPER"


def test_an_open_call_stays_open_when_somebody_declines():
    call = in_state("requested", "anyone")

    left = decisions.decline(call, a_deed(agency="OTHER"), "Penuh").state
    taken = decisions.accept(left, a_deed(agency="SECOND"), ["citra"]).state

    assert left.state == "requested"
    assert not left.is_open_to("OTHER")
    assert taken.helping_agency == "SECOND"
    assert taken.receiving_agencies == ("OTHER", "SECOND")


def test_nobody_helps_themselves_on_an_open_call():
    with pytest.raises(Refusal) as refused:
        decisions.accept(in_state("requested", "anyone"), a_deed(agency="ASKER"), ["dewi"])

    assert refused.value.problem.code == "not_the_receiving_agency"


@pytest.mark.parametrize("state", ["requested", "accepted"])
def test_handing_on_asks_the_new_agency_from_now(state):
    request = in_state(state)
    at = TUESDAY + timedelta(minutes=30)

    handed = decisions.hand_on(request, a_deed(at=at), "OTHER", "Bukan bidang kami").state
    answered = decisions.accept(
        handed, a_deed(agency="OTHER", at=at + timedelta(minutes=10)), ["eko"]
    ).state

    assert handed.state == "requested"
    assert handed.receiving_agencies == ("OTHER",)
    assert handed.people_assigned == ()
    assert handed.helping_agency is None
    assert answered.response_minutes == 10
    assert "HELPER" in answered.involved


@pytest.mark.parametrize("to", ["ASKER", "HELPER"])
def test_it_is_not_handed_on_in_a_circle(to):
    with pytest.raises(Refusal) as refused:
        decisions.hand_on(in_state("requested"), a_deed(), to, "Bukan kami")

    assert refused.value.problem.errors[0].pointer == "/to"


@pytest.mark.parametrize("action", ["decline", "return", "withdraw", "hand-on"])
def test_a_no_needs_a_reason(action):
    say = {
        "decline": ("requested", lambda r: decisions.decline(r, a_deed(), " ")),
        "return": ("delivered", lambda r: decisions.send_back(r, a_deed("asking", "ASKER"), "")),
        "withdraw": ("requested", lambda r: decisions.withdraw(r, a_deed("asking", "ASKER"), "")),
        "hand-on": ("requested", lambda r: decisions.hand_on(r, a_deed(), "OTHER", "")),
    }
    state, do = say[action]

    with pytest.raises(Refusal) as refused:
        do(in_state(state))

    assert refused.value.problem.code == "reason_required"


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(rating):
    with pytest.raises(Refusal) as refused:
        decisions.confirm(in_state("delivered"), a_deed("asking", "ASKER"), rating)

    assert refused.value.problem.code == "validation_failed"


def test_silence_confirms_at_the_end_of_the_tenth_working_day():
    delivered = in_state("delivered")  # Tuesday 24 November

    assert delivered.timer == "auto-confirm"
    assert delivered.timer_at.isoformat() == "2026-12-08T16:59:59+00:00"
    rung = decisions.confirm_by_silence(delivered, a_deed("timer", None, at=delivered.timer_at))
    assert rung.state.state == "confirmed"
    assert rung.state.confirmed_by_silence
    assert rung.events[0].rating is None


def test_every_assignment_has_a_number_of_its_own():
    accepted = in_state("accepted")
    other = decisions.assign(accepted, a_deed(at=accepted.changed_at), ["budi"]).state

    assert accepted.assignment_number == "SBT/2026/000001/ST-1"
    assert other.assignment_number == "SBT/2026/000001/ST-2"
    assert other.participants == ("dewi", "ani", "budi")


def test_events_carry_the_response_and_its_explanation():
    at = TUESDAY + timedelta(minutes=45)
    accepted = decisions.accept(in_state("requested"), a_deed(at=at), ["ani"])

    event, line = accepted.events[0], accepted.state.timeline[-1]

    assert event.response_minutes == 45
    assert event.responding_agency == "HELPER"
    assert event.response_target_minutes == 240
    assert line.explanation[-1].rule == "response_minutes"
    counted = [int(each.result) for each in line.explanation if each.rule == "working_minutes"]
    assert sum(counted) == int(line.explanation[-1].result) == 45


def test_the_diagram_draws_every_row():
    drawn = transitions.diagram()

    for (state, action), row in MOVES.items():
        for to in row.to:
            shown = f"{state} --> {to}: {action} (" in drawn
            assert shown == (action not in {"comment", "attach"})  # they lead nowhere
    assert "confirmed --> [*]" in drawn
    assert "[*] --> requested" in drawn


def test_final_states_lead_nowhere():
    finals = {state for state in STATES if transitions.is_final(state)}

    assert finals == {"declined", "confirmed", "withdrawn", "expired"}
    assert set(ACTIONS) == {action for _, action in MOVES}


def test_the_work_log_has_a_limit():
    begun = in_state("in_progress")
    full = replace(
        begun,
        work=tuple(decisions.Work(None, TUESDAY, 1) for _ in range(decisions.MAX_WORK_ENTRIES)),
    )

    with pytest.raises(Refusal) as refused:
        decisions.log_work(full, a_deed(at=begun.changed_at), 10, "")

    assert refused.value.problem.code == "quota_exceeded"


def test_the_document_shows_the_table_as_it_is():
    page = Path(__file__).parents[3] / "docs" / "help-requests.md"

    assert f"```mermaid\n{transitions.diagram()}\n```" in page.read_text(encoding="utf-8")
