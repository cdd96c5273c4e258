"""The whole machine under random use, against a small model that knows only the agreed table."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.outcome import Refusal
from services.tasks.help_requests import decisions
from services.tasks.help_requests.editing import Edits, edit
from services.tasks.help_requests.remarks import comment
from services.tasks.help_requests.transitions import is_final
from tests.unit.tasks.builders import TUESDAY, a_deed, a_request, a_rule

AGENCIES = ("HELPER", "SECOND", "OTHER")
ACTED = (
    *("accept", "decline", "ask", "assign", "start", "log", "deliver", "hand-on"),
    *("answer", "confirm", "return", "withdraw", "edit"),
    *("propose", "approve", "reject", "comment"),
)
ANSWERS = frozenset({"accept", "propose", "decline"})
ASKS = frozenset({"answer", "withdraw", "confirm", "return", "edit"})
FORWARD = {
    "requested": ("accept", "propose", "approve", "reject", "decline", "ask", "hand-on", "edit"),
    "clarifying": ("answer", "edit"),
    "accepted": ("start", "start", "ask", "assign", "hand-on"),
    "in_progress": ("log", "deliver", "deliver", "ask", "assign"),
    "delivered": ("confirm", "return"),
}
ALWAYS_ASKS = a_rule(people_over=0)
PERSON = {"HELPER": "ani", "SECOND": "citra", "OTHER": "eko"}


class Model:
    """States as words, receivers as a set: written without looking at the implementation."""

    def __init__(self, receivers, *, anyone, due, mode):
        self.state, self.back = "requested", None
        self.receivers, self.anyone, self.due = set(receivers), anyone, due
        self.mode, self.people = mode, 2
        self.gone, self.helpers, self.delivered = set(), [], set()
        self.proposed = set()

    def wants_more(self):
        """Every agency sends one person in this test."""
        return self.mode == "parts" and bool(self.helpers) and len(self.helpers) < self.people

    def may_answer(self, agency):
        if agency in self.helpers:
            return False
        return agency in self.receivers or (self.anyone and agency not in self.gone)

    def may_receive(self, agency):
        return agency in self.helpers if self.helpers else self.may_answer(agency)

    def lapse(self, at, silent_until):
        waiting = self.state == "requested" or (
            self.state == "clarifying" and self.back == "requested"
        )
        if waiting and at >= self.due:
            return "expired"
        if self.state == "delivered" and silent_until and at >= silent_until:
            return "confirmed"
        return self.state

    def refusal(self, action, side, agency):
        joining = {"accepted", "in_progress"} if self.wants_more() else set()
        froms = {
            "accept": {"requested"} | joining,
            "propose": {"requested"} | joining,
            "approve": {"requested", "accepted", "in_progress"} if self.proposed else set(),
            "reject": {"requested", "accepted", "in_progress"} if self.proposed else set(),
            "decline": {"requested"} | joining,
            "ask": {"requested", "accepted", "in_progress"},
            "hand-on": {"requested", "accepted"},
            "assign": {"accepted", "in_progress"},
            "start": {"accepted"},
            "log": {"in_progress"},
            "deliver": {"in_progress"},
            "answer": {"clarifying"},
            "withdraw": {"requested", "clarifying", "accepted", "in_progress"},
            "confirm": {"delivered"},
            "return": {"delivered"},
            "comment": {"requested", "clarifying", "accepted", "in_progress", "delivered"},
            "edit": set() if self.helpers else {"requested", "clarifying"},
        }[action]
        if self.state not in froms:
            return "wrong_state"
        if action == "comment":
            fits = side == "asking" or (side == "receiving" and self.may_receive(agency))
            return None if fits else "forbidden"
        if action in ASKS:
            return None if side == "asking" else "not_the_asking_agency"
        if action in {"approve", "reject"}:
            fits = side == "approving" and agency in self.proposed
            return None if fits else "not_the_receiving_agency"
        if side != "receiving":
            return "not_the_receiving_agency"
        may = self.may_answer if action in ANSWERS else self.may_receive
        if not may(agency):
            return "not_the_receiving_agency"
        if action == "hand-on" and not self.helpers and agency not in self.receivers:
            return "not_the_receiving_agency"
        return None

    def apply(self, action, side, agency, to):  # noqa: C901, PLR0912  # a case per action
        if refused := self.refusal(action, side, agency):
            return refused
        match action:
            case "propose":
                self.proposed.add(agency)
            case "reject":
                self.proposed.discard(agency)
            case "accept" | "approve":
                self.state = "accepted" if self.state == "requested" else self.state
                self.helpers.append(agency)
                self.receivers.add(agency)
                self.proposed = self.proposed - {agency} if self.wants_more() else set()
            case "decline":
                self.leave(agency)
                if not self.receivers and not self.anyone:
                    self.state = "declined"
            case "ask":
                self.state, self.back = "clarifying", self.state
            case "answer":
                self.state, self.back = self.back, None
            case "hand-on":
                if to in self.receivers | self.gone:
                    return "validation_failed"
                self.leave(agency)
                self.receivers.add(to)
                if not self.helpers:
                    self.state, self.anyone = "requested", False
            case "deliver":
                self.delivered.add(agency)
                if self.delivered == set(self.helpers):
                    self.state = "delivered"
            case "start" | "return":
                self.state, self.delivered = "in_progress", set()
            case "edit":
                self.people, self.proposed = self.people % 3 + 1, set()
            case "confirm":
                self.state = "confirmed"
            case "withdraw":
                self.state = "withdrawn"
        return None

    def leave(self, agency):
        self.gone.add(agency)
        self.receivers.discard(agency)
        self.proposed.discard(agency)
        self.helpers = [each for each in self.helpers if each != agency]


class HelpRequestMachine(RuleBasedStateMachine):
    @initialize(
        to=st.sampled_from([("HELPER",), ("HELPER", "SECOND"), AGENCIES, "anyone"]),
        days=st.integers(1, 30),
        mode=st.sampled_from(["first", "parts"]),
    )
    def begin(self, to, days, mode):
        self.now = TUESDAY
        due = TUESDAY + timedelta(days=days)
        self.request = a_request(to, due=due, mode=mode)
        named = () if to == "anyone" else to
        self.model = Model(named, anyone=to == "anyone", due=due, mode=mode)
        self.events = 1

    @rule(
        choice=st.integers(0, 1_000), agency=st.sampled_from(AGENCIES), minutes=st.integers(0, 90)
    )
    def proceed(self, choice, agency, minutes):
        """Something that can be done now, so that far states are reached too."""
        ways = FORWARD.get(self.model.state, ())
        if not ways:
            return
        action = ways[choice % len(ways)]
        if self.model.wants_more() and choice % 3 == 0:
            action = "accept"
        may = self.model.may_answer if action in ANSWERS else self.model.may_receive
        if action in {"approve", "reject"}:
            may = self.model.proposed.__contains__
        acting = next((code for code in (agency, *AGENCIES) if may(code)), agency)
        fresh = [code for code in AGENCIES if code not in self.model.receivers | self.model.gone]
        to = fresh[0] if fresh else agency
        self._try(action, right_side=True, agency=acting, to=to, minutes=minutes)

    @rule(
        action=st.sampled_from(list(ACTED)),
        right_side=st.booleans(),
        agency=st.sampled_from(AGENCIES),
        to=st.sampled_from(AGENCIES),
        minutes=st.integers(0, 200),
    )
    def act(self, action, right_side, agency, to, minutes):
        self._try(action, right_side=right_side, agency=agency, to=to, minutes=minutes)

    def _try(self, action, *, right_side, agency, to, minutes):
        self.now += timedelta(minutes=minutes)
        side = "asking" if (action in ASKS) == right_side else "receiving"
        if right_side and action in {"approve", "reject"}:
            side = "approving"
        deed = a_deed(side, "ASKER" if side == "asking" else agency, at=self.now)
        lapsed = self.model.lapse(self.now, self.request.timer_at)

        refused = None
        before = self.request
        try:
            outcome = self._do(action, deed, agency, to)
            self.request = outcome.state
            self.events += len(outcome.events)
        except Refusal as refusal:
            refused = refusal.problem.code

        if lapsed != self.model.state:
            assert refused == "wrong_state"
        else:
            assert refused == self.model.apply(action, side, agency, to)
        if refused:
            assert self.request is before

    def _do(self, action, deed, agency, to):
        request = self.request
        person = [PERSON[agency]]
        return {
            "accept": lambda: decisions.accept(request, deed, person),
            "propose": lambda: decisions.accept(
                request, replace(deed, as_head=False), person, ALWAYS_ASKS
            ),
            "approve": lambda: decisions.approve(request, deed),
            "reject": lambda: decisions.reject(request, deed, "Tidak"),
            "decline": lambda: decisions.decline(request, deed, "Penuh"),
            "ask": lambda: decisions.ask(request, deed, "Apa?"),
            "answer": lambda: decisions.answer(request, deed, "Itu"),
            "assign": lambda: decisions.assign(request, deed, person),
            "start": lambda: decisions.start(request, deed),
            "log": lambda: decisions.log_work(request, deed, 5, ""),
            "deliver": lambda: decisions.deliver(request, deed, "Selesai"),
            "confirm": lambda: decisions.confirm(request, deed, 5),
            "return": lambda: decisions.send_back(request, deed, "Kurang"),
            "withdraw": lambda: decisions.withdraw(request, deed, "Batal"),
            "hand-on": lambda: decisions.hand_on(request, deed, to, "Bukan kami"),
            "comment": lambda: comment(request, deed, "Kabel sudah datang"),
            "edit": lambda: edit(request, deed, Edits(people=request.people % 3 + 1)),
        }[action]()

    @rule(minutes=st.sampled_from([0, 5, 60, 600, 20_000]))
    def ring(self, minutes):
        self.now += timedelta(minutes=minutes)
        lapsed = self.model.lapse(self.now, self.request.timer_at)
        timer = self.request.timer
        if timer is None:
            return
        rings = decisions.expire if timer == "expire" else decisions.confirm_by_silence
        deed = a_deed("timer", None, at=self.now)

        once = rings(self.request, deed)
        again = rings(once.state, deed)

        assert len(once.events) == (lapsed != self.model.state)
        assert again.events == ()
        self.request, self.model.state = once.state, lapsed
        self.events += len(once.events)

    @invariant()
    def agrees_with_the_model(self):
        request = self.request
        assert request.state == self.model.state
        assert list(request.helping_agencies) == self.model.helpers
        assert request.helping_agency == next(iter(self.model.helpers), None)
        waiting = set() if is_final(request.state) else self.model.proposed
        assert {each.agency for each in request.awaiting_approval} == waiting
        assert request.wants_more == self.model.wants_more()
        assert len(request.timeline) == self.events
        assert request.timeline[-1].after == request.state

    @invariant()
    def holds_together(self):
        request = self.request
        moments = [line.at for line in request.timeline]
        assert moments == sorted(moments)
        chain = [line.after for line in request.timeline]
        assert [line.before for line in request.timeline] == [None, *chain[:-1]]
        open_pauses = [pause for pause in request.pauses if pause.end is None]
        assert len(open_pauses) == (request.state == "clarifying")
        assert (request.timer is None) or not is_final(request.state)
        assert (request.ended_at is not None) == is_final(request.state)
        assert bool(request.people_assigned) == (request.helping_agency is not None)
        assert request.mode == "parts" or len(request.parts) <= 1
        assert request.mode == "first" or len(request.people_assigned) <= request.people
        handed = [part.delivered_at is not None for part in request.parts]
        assert (all(handed) and bool(handed)) == (request.state in {"delivered", "confirmed"})
        assert request.summary is None or request.delivered_at is not None
        assert (request.response_minutes is not None) == (request.responding_agency is not None)
        assert request.rating is None or request.state == "confirmed"


HelpRequestMachine.TestCase.settings = settings(
    max_examples=150, stateful_step_count=25, deadline=None
)
TestHelpRequestMachine = HelpRequestMachine.TestCase
