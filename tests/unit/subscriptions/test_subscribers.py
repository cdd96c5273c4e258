"""The states of a subscription, and the rest of a delivery that its queue refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.outcome import Refusal
from rules.agencies import AgencyTree
from services.subscriptions.deliveries.model import LONGEST_REST, Progress, held_again
from services.subscriptions.subscribers import model, selection
from services.subscriptions.subscribers.model import Subscription

MOMENT = datetime(2026, 11, 24, 1, tzinfo=UTC)
STATES = ("preparing", "active", "paused", "ending", "ended")
DECISIONS = {
    "pause": model.pause,
    "resume": model.resume,
    "replay": model.replay(7),
    "end": model.end,
}
AFTERWARDS = {
    ("pause", "active"): "paused",
    ("resume", "paused"): "active",
    ("replay", "active"): "active",
    ("replay", "paused"): "paused",
    ("end", "preparing"): "ending",
    ("end", "active"): "ending",
    ("end", "paused"): "ending",
}


def a_subscription(**changes) -> Subscription:
    plain = Subscription(
        name="jabar",
        owner="jabar",
        types=("tasks.*",),
        agencies=(),
        delivery="amqp",
        state="active",
        start=0,
        generation=1,
        attempt="first",
        created_at=MOMENT,
    )
    return replace(plain, **changes)


@pytest.mark.parametrize("action", DECISIONS)
@pytest.mark.parametrize("state", STATES)
def test_an_action_leads_on_or_is_refused(action, state):
    before = a_subscription(state=state)
    expected = AFTERWARDS.get((action, state))

    if expected is None:
        with pytest.raises(Refusal) as refused:
            DECISIONS[action](before)
        assert refused.value.problem.code == "wrong_state"
    else:
        assert DECISIONS[action](before).state.state == expected


@pytest.mark.parametrize("state", STATES)
def test_the_actions_shown_are_those_that_work(state):
    shown = set(a_subscription(state=state).actions) - {"rotate-secret", "test"}

    assert shown == {action for action, before in AFTERWARDS if before == state}


@pytest.mark.parametrize("state", STATES)
def test_a_closed_owner_puts_to_rest_only_what_is_being_delivered(state):
    after = model.rest(a_subscription(state=state)).state

    assert after.state == ("paused" if state == "active" else state)


def test_a_feed_has_no_secret_to_rotate_and_nothing_to_remove():
    feed = a_subscription(delivery="feed")

    assert not {"rotate-secret", "test"} & set(feed.actions)
    assert model.end(feed).state.state == "ended"
    with pytest.raises(Refusal):
        model.require(feed, "rotate-secret")


def test_a_replay_begins_a_new_generation_at_its_point():
    after = model.replay(7)(a_subscription(start=3, generation=4)).state

    assert (after.start, after.generation) == (7, 5)


@pytest.mark.parametrize("state", STATES)
def test_a_name_is_free_when_ended_or_still_being_prepared_by_its_owner(state):
    wanted = a_subscription(state="preparing", attempt="second")
    before = a_subscription(state=state, generation=4)

    if state in ("ended", "preparing"):
        after = model.begin(wanted)(before).state
        assert (after.generation, after.attempt) == (5, "second")
    else:
        with pytest.raises(Refusal):
            model.begin(wanted)(before)


def test_a_name_that_somebody_else_prepares_is_taken():
    before = a_subscription(state="preparing", owner="diy")

    with pytest.raises(Refusal):
        model.begin(a_subscription(state="preparing"))(before)


def test_only_the_latest_attempt_becomes_active():
    preparing = a_subscription(state="preparing", attempt="second")

    assert model.activate("second")(preparing).state.state == "active"
    with pytest.raises(Refusal):
        model.activate("first")(preparing)


def test_a_subscription_carries_the_public_view_whoever_owns_it():
    wanted = selection.filter_of(a_subscription(owner="admin", types=("*",)), AgencyTree({}))

    assert wanted.audience == "public"
    assert "attendance.day.changed.v1" not in wanted.types


def test_each_refusal_rests_longer_up_to_a_minute():
    held, rests = None, []
    for _ in range(8):
        held = held_again(held, "full", MOMENT)
        rests.append(held.retry_at - MOMENT)

    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (timedelta(seconds=2), LONGEST_REST)
    assert held.since == MOMENT


def test_a_delivery_rests_until_its_next_attempt():
    held = held_again(None, "full", MOMENT)
    progress = Progress(1, 0, 0, held)

    assert progress.rests_at(MOMENT)
    assert not progress.rests_at(held.retry_at)
    assert not Progress(1, 0).rests_at(MOMENT)
