"""Signatures, addresses that may be called, and how long a failing webhook rests."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.outcome import Refusal
from services.subscriptions.deliveries.addresses import Allowed, NotAllowed, chosen, target_of
from services.subscriptions.deliveries.model import (
    WEBHOOK_RESTS,
    held_again,
    is_hopeless,
    webhook_rest,
)
from services.subscriptions.deliveries.signing import secret_of, signature
from services.subscriptions.subscribers import model
from tests.unit.subscriptions.test_subscribers import a_subscription

MOMENT = datetime(2026, 11, 24, 1, tzinfo=UTC)
ONLY_PUBLIC = Allowed()


def test_a_signature_is_that_of_the_standard():
    # the example of the Standard Webhooks reference libraries
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'

    signed = signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_secret_that_is_good_signs():
    first, second = secret_of(b"1" * 32), secret_of(b"2" * 32)

    both = signature([first, second], "id", 1, b"{}")

    assert both.split(" ") == [signature([one], "id", 1, b"{}") for one in (first, second)]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104  # an address to refuse, not one to bind
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "198.18.0.1",
    ],
)  # fmt: skip
def test_what_only_our_network_reaches_is_not_called(address):
    assert not ONLY_PUBLIC.takes(address)
    with pytest.raises(NotAllowed, match="not public"):
        chosen(["93.184.216.34", address], ONLY_PUBLIC)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_public_addresses_are_called(address):
    assert chosen([address], ONLY_PUBLIC) == address


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_address_inside_another_is_judged_as_what_it_leads_to(address):
    wrapped = IPv6Address(f"::ffff:{address}")

    assert ONLY_PUBLIC.takes(str(wrapped)) == ONLY_PUBLIC.takes(str(address))


def test_networks_of_the_settings_are_allowed_and_no_others():
    allowed = Allowed.of("10.8.0.0/16, fd00::/8", http=True)

    assert allowed.takes("10.8.3.4")
    assert allowed.takes("fd12::1")
    assert not allowed.takes("10.9.0.1")
    with pytest.raises(ValueError, match="has host bits"):
        Allowed.of("10.8.0.1/16", http=False)


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://example.org/", "must begin with https://"),
        ("ftp://example.org/", "must begin with https://"),
        ("https://user:word@example.org/", "must not contain a user"),
        ("https://:443/", "must name a host"),
        ("https://example.org:99999/", "must be a URL"),
        ("https://[::1/", "must be a URL"),
    ],
)
def test_a_url_that_may_not_be_called_says_why(url, detail):
    with pytest.raises(NotAllowed, match=detail):
        target_of(url, ONLY_PUBLIC)


@pytest.mark.parametrize(
    ("url", "authority", "port", "path"),
    [
        ("https://example.org", "example.org", 443, "/"),
        ("https://example.org:8443/a?b=c", "example.org:8443", 8443, "/a?b=c"),
        ("https://[2606:4700::1111]/x", "[2606:4700::1111]", 443, "/x"),
    ],
)
def test_a_url_is_taken_apart(url, authority, port, path):
    target = target_of(url, ONLY_PUBLIC)

    assert (target.authority, target.port, target.path) == (authority, port, path)


def test_a_webhook_rests_longer_each_time_up_to_an_hour():
    rests = [webhook_rest(times) for times in range(1, 10)]

    assert rests == sorted(rests)
    assert rests[:6] == list(WEBHOOK_RESTS)
    assert rests[-1] == timedelta(hours=1)


def test_the_other_side_may_ask_for_a_longer_rest_and_not_for_a_shorter_one():
    longer = held_again(None, "429", MOMENT, rest=webhook_rest, at_least=timedelta(minutes=3))
    shorter = held_again(None, "429", MOMENT, rest=webhook_rest, at_least=timedelta(seconds=1))

    assert longer.retry_at == MOMENT + timedelta(minutes=3)
    assert shorter.retry_at == MOMENT + timedelta(seconds=5)


def test_after_days_of_failure_in_a_row_the_owner_must_look():
    first = held_again(None, "500", MOMENT, rest=webhook_rest)
    later = held_again(first, "500", MOMENT + timedelta(days=5), rest=webhook_rest)

    assert not is_hopeless(first, MOMENT + timedelta(days=4), timedelta(days=5))
    assert is_hopeless(later, MOMENT + timedelta(days=5), timedelta(days=5))


def test_a_pause_says_who_made_it_and_going_on_forgets_it():
    hook = a_subscription(delivery="webhook", url="https://example.org/")

    paused = {
        name: decide(hook).state
        for name, decide in (
            ("owner", model.pause),
            ("rights", model.rest),
            ("failures", model.give_up),
        )
    }

    assert {name: each.paused_by for name, each in paused.items()} == {n: n for n in paused}
    assert {each.state for each in paused.values()} == {"paused"}
    assert model.resume(paused["failures"]).state == hook
    with pytest.raises(Refusal):
        model.give_up(paused["owner"])


def test_a_webhook_ends_at_once_and_has_a_secret_to_rotate():
    hook = a_subscription(delivery="webhook", url="https://example.org/")

    assert model.end(hook).state.state == "ended"
    assert {"rotate-secret", "test"} <= set(hook.actions)
