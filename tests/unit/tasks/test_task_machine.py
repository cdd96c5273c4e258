"""A task led through any sequence of deeds by anybody keeps its promises."""

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.outcome import Refusal
from contracts.work_items import TaskChanges
from contracts.work_terms import MoveAction, TaskState
from rules.words import meets
from services.tasks import task_access
from services.tasks.work_items import audience, decisions
from services.tasks.work_items.differences import since
from services.tasks.work_items.transitions import MOVES, STATES, leading
from tests.unit.tasks.builders import CITY, TUESDAY, an_actor
from tests.unit.tasks.task_builders import ID, a_deed, a_task

PEOPLE = st.sampled_from(["ani", "budi", "cici"])
TEAMS = st.lists(PEOPLE, unique=True, max_size=3).map(tuple)
NOTES = st.sampled_from(["", "perlu"])
EVENTS = {
    "start": "started",
    "stop": "stopped",
    "wait": "waiting",
    "complete": "completed",
    "cancel": "cancelled",
    "reopen": "reopened",
}


class TaskMachine(RuleBasedStateMachine):
    """Deeds in any order against a plain model: the state, the version, who had to do with it."""

    @initialize(team=TEAMS, private=st.booleans())
    def begin(self, team, private):
        self.task = a_task(assignees=team, private=private)
        self.state, self.writes, self.minute = "open", 1, 0
        self.known = {"ani", *team}
        self.events = ["created"]

    def deed(self, by):
        self.minute += 1
        return a_deed(by, minute=self.minute)

    def take(self, decision):
        self.events += [event.type.split(".")[2] for event in decision.events]
        self.task = decision.state
        self.writes += 1

    @rule(action=st.sampled_from(get_args(MoveAction)), by=PEOPLE, note=NOTES)
    def move_on(self, action, by, note):
        row, deed = MOVES.get((self.state, action)), self.deed(by)
        if row is None or (row.reason and not note):
            with pytest.raises(Refusal, match=r"^(wrong_state|reason_required)$"):
                decisions.move_on(ID, self.task, action, note, deed)
            return
        self.take(decisions.move_on(ID, self.task, action, note, deed))
        self.state = row.to
        assert self.events[-1] == EVENTS[action]

    @rule(team=TEAMS, private=st.booleans(), title=st.sampled_from(["Rapat", "Survei jalan"]))
    def edit(self, team, private, title):
        wanted = TaskChanges(assignees=team, private=private, title=title)
        fields = ("assignees", "private", "title")
        self.take(decisions.edit(ID, self.task, wanted, fields, self.deed("ani")))
        self.known |= set(team)

    @rule(by=PEOPLE, named=TEAMS)
    def say(self, by, named):
        deed = self.deed(by)
        self.take(decisions.comment(ID, self.task, deed, text="Catatan", mentions=named))
        self.known |= set(named)

    @rule(by=PEOPLE, minutes=st.integers(1, 600))
    def work(self, by, minutes):
        today = TUESDAY.date()
        told = {"minutes": minutes, "outcome": "", "on": today, "today": today}
        before = self.task.worked_minutes
        self.take(decisions.log_work(ID, self.task, self.deed(by), **told))
        assert self.task.worked_minutes == before + minutes

    @rule(column=st.sampled_from(get_args(TaskState)), note=NOTES)
    def place(self, column, note):
        led, deed = leading(self.state, column), self.deed("ani")
        reached = column == self.state or (led and (note or not MOVES[self.state, led].reason))
        if not reached:
            with pytest.raises(Refusal, match=r"^(wrong_state|reason_required)$"):
                decisions.place_in(ID, self.task, deed, column, note, low="a", high="b")
            return
        self.take(decisions.place_in(ID, self.task, deed, column, note, low="a", high="b"))
        self.state = column
        assert "a" < self.task.position < "b"

    @invariant()
    def state_and_version_are_those_of_the_model(self):
        assert self.task.state == self.state
        assert self.task.state in STATES
        assert self.task.revision == self.writes
        assert (self.task.completed_at is not None) == (self.state == "done")

    @invariant()
    def the_time_line_tells_everything_since_any_version(self):
        revisions = [line.revision for line in self.task.timeline]
        assert revisions == sorted(set(revisions))
        assert [line.at for line in self.task.timeline] == sorted(
            line.at for line in self.task.timeline
        )
        middle = self.writes // 2
        assert len(since(self.task, middle)) == sum(each > middle for each in revisions)
        assert since(self.task, self.writes) == []

    @invariant()
    def who_had_to_do_with_it_sees_it_and_strangers_only_if_it_is_open(self):
        assert set(self.task.participants) == self.known
        for person in (*self.known, "stranger"):
            actor = an_actor(("employee", "HELPER"), employee=person)
            sees = person in self.known or not self.task.private
            assert task_access.may_see(actor, self.task, CITY.tree) == sees
            (marks,) = task_access.seen_by(actor, CITY.tree).values()
            assert bool(set(marks["$in"]) & set(self.task.audience)) == sees

    @invariant()
    def it_is_found_by_its_title(self):
        assert meets(frozenset(self.task.words), self.task.title)
        assert audience.checked_in("HELPER") in self.task.audience


TaskMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=timedelta(seconds=2)
)
TestTaskMachine = TaskMachine.TestCase
