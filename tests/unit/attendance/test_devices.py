"""Machines: from where they may push, what changes, what they are told to do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.devices import DeviceChanges, OrderDevice, RegisterDevice
from contracts.outcome import Refusal
from kit.storage.aggregates import Stored
from services.attendance.device_lines.model import Waiting
from services.attendance.device_orders.model import (
    AGAIN_AFTER,
    MOST_SENT,
    MOST_WAITING,
    Orders,
    order_text,
    results_of,
)
from services.attendance.devices.contacts import Contact
from services.attendance.devices.model import Device, PinOwner
from services.attendance.devices.views import device_view
from tests.unit.attendance.builders import at
from tests.unit.attendance.device_builders import SAMPLES, a_device, an_act


@pytest.mark.parametrize(
    ("sources", "address", "admitted"),
    [
        (("private",), "127.0.0.1", True),
        (("private",), "::1", True),
        (("private",), "10.20.3.4", True),
        (("private",), "172.31.0.1", True),
        (("private",), "192.168.1.9", True),
        (("private",), "::ffff:192.168.1.9", True),
        (("private",), "fd00::1", True),
        (("private",), "172.32.0.1", False),
        (("private",), "192.0.2.30", False),
        (("private",), "8.8.8.8", False),
        (("private",), None, False),
        (("10.20.0.0/16",), "10.20.3.4", True),
        (("10.20.0.0/16",), "10.21.3.4", False),
        (("10.20.0.0/16", "2001:db8::/32"), "2001:db8::7", True),
        (("10.20.0.0/16",), "2001:db8::7", False),
        (("10.20.0.0/16",), "testclient", False),
        (("10.20.0.0/16",), None, False),
        (("any",), "8.8.8.8", True),
        (("any",), None, True),
    ],
)
def test_a_machine_pushes_from_its_sources_only(sources, address, admitted):
    assert a_device(sources=sources).admits(address) is admitted


def test_a_machine_out_of_service_pushes_from_nowhere():
    assert not a_device(sources=("any",), enabled=False).admits("127.0.0.1")


@pytest.mark.parametrize("source", ["10.20.0.1/16", "everywhere", "", "10.0.0.0/33", "*"])
def test_a_source_is_a_network_or_said_to_be_any(source):
    with pytest.raises(ValidationError):
        RegisterDevice(serial="S1", office="BALAIKOTA", sources=(source,))


def test_any_source_is_flagged():
    stored = Stored("S1", a_device(sources=("any",)), 1, 1)

    assert "any_source" in device_view(stored, Contact(), Waiting(), managed=False).flags


@pytest.mark.parametrize(
    ("contact", "waiting", "flag"),
    [
        (Contact(), Waiting(unmapped=1), "never_seen"),
        (Contact(last_seen=at("07:00"), clock_drift_s=-121), Waiting(), "clock_drifts"),
        (Contact(last_seen=at("07:00")), Waiting(implausible=1), "clock_wrong"),
    ],
)
def test_what_somebody_should_look_at_is_flagged(contact, waiting, flag):
    view = device_view(Stored("S1", a_device(), 1, 1), contact, waiting, managed=True)

    assert view.flags == (flag,)


def test_registering_again_changes_nothing_and_something_else_is_refused():
    device = a_device()
    first = Device.registered(None, device)
    stands = replace(first.state, enabled=False)

    assert len(first.events) == 1
    assert Device.registered(stands, device).state == stands
    with pytest.raises(Refusal) as refused:
        Device.registered(device, replace(device, office="JEBRES"))
    assert refused.value.problem.errors[0].pointer == "/serial"


def test_a_change_states_the_whole_machine_and_no_change_says_nothing():
    decision = a_device().changed(DeviceChanges(enabled=False, sources=("10.0.0.0/8",)))

    assert (decision.state.enabled, decision.state.sources) == (False, ("10.0.0.0/8",))
    assert [event.type for event in decision.events] == ["attendance.device.changed.v1"]
    assert decision.state.changed(DeviceChanges(enabled=False)).events == ()


def test_corrections_of_a_clock_do_not_overlap_and_are_undone_once():
    device = a_device().corrected(an_act("06:00", "08:00", 60)).state

    with pytest.raises(Refusal) as refused:
        device.corrected(an_act("07:59", "09:00", 60))
    undone = device.uncorrected("act-06:00")

    assert refused.value.problem.code == "overlaps"
    assert device.shift_at(at("07:00")) == timedelta(seconds=60)
    assert undone.state.shift_at(at("07:00")) == timedelta()
    assert undone.state.uncorrected("act-06:00").events == ()
    assert undone.state.corrected(an_act("07:00", "07:30", 5, id="new")).state.act("new")


@pytest.mark.parametrize("act", [an_act("08:00", "08:00", 60), an_act("06:00", "08:00", 0)])
def test_a_correction_of_nothing_is_refused(act):
    with pytest.raises(Refusal):
        a_device().corrected(act)


def test_a_pin_with_another_owner_names_both():
    first = PinOwner.mapped(None, "S1", "0007", "ani")
    second = PinOwner.mapped(first.state, "S1", "0007", "budi")

    assert [(event.employee, event.previous) for event in second.events] == [("budi", "ani")]
    assert PinOwner.mapped(second.state, "S1", "0007", "budi").events == ()
    assert PinOwner.mapped(second.state, "S1", "0007", None).state.employee is None


def test_a_machine_survives_being_stored():
    device = a_device(clock_acts=(an_act("06:00", "08:00", 60),))
    adapter = TypeAdapter(Device)

    assert adapter.validate_python(adapter.dump_python(device)) == device


def an_order(**fields):
    return OrderDevice(serial="S1", **fields)


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (an_order(kind="info"), "INFO"),
        (an_order(kind="check"), "CHECK"),
        (
            an_order(kind="query_lines", **{"from": at("00:00")}, to=at("23:59:59")),
            "DATA QUERY ATTLOG StartTime=first\tEndTime=last",
        ),
        (
            an_order(kind="update_user", pin="1001", name_shown="Pegawai Contoh"),
            "DATA UPDATE USERINFO PIN=1001\tName=Pegawai Contoh\tPri=0",
        ),
        (an_order(kind="delete_user", pin="1001"), "DATA DELETE USERINFO PIN=1001"),
    ],
)
def test_an_order_in_the_words_of_the_protocol(order, text):
    assert order_text(order, "first", "last") == text


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "shell"},
        {"kind": "clear_log"},
        {"kind": "query_lines"},
        {"kind": "query_lines", "from": at("10:00"), "to": at("09:00")},
        {"kind": "update_user"},
        {"kind": "update_user", "pin": "1", "name_shown": "A\tPri=14"},
        {"kind": "update_user", "pin": "1", "name_shown": "A\nC:9:SHELL x"},
        {"kind": "delete_user", "pin": "1\t2"},
    ],
)
def test_nothing_dangerous_and_nothing_incomplete_is_ordered(fields):
    with pytest.raises(ValidationError):
        an_order(**fields)


def given(count=1):
    orders = Orders("S1")
    for _ in range(count):
        orders = orders.given("info", "INFO", by="admin", at=at("07:00")).state
    return orders


def test_an_order_is_sent_once_until_the_machine_has_been_silent():
    sent = given().sent(at("07:01")).state

    assert [order.number for order in given().due(at("07:01"))] == [1]
    assert sent.due(at("07:02")) == ()
    assert sent.due(at("07:01") + AGAIN_AFTER) == sent.orders


def test_an_order_without_an_answer_is_given_up():
    orders, moment = given(), at("07:00")
    for _ in range(MOST_SENT + 1):
        orders = orders.sent(moment).state
        moment += AGAIN_AFTER

    assert [order.state for order in orders.orders] == ["failed"]
    assert orders.due(moment + AGAIN_AFTER) == ()


def test_results_are_kept_with_their_time():
    orders = given(3).sent(at("07:01")).state.answered({1: 0, 3: -1002, 9: 0}, at("07:02")).state

    assert [order.state for order in orders.orders] == ["done", "sent", "failed"]
    assert [order.result for order in orders.orders] == [0, None, -1002]
    assert orders.orders[0].finished_at == at("07:02")
    assert orders.answered({1: -1}, at("07:03")).state == orders


def test_orders_wait_in_bounded_number_and_old_results_are_dropped():
    with pytest.raises(Refusal) as refused:
        given(MOST_WAITING + 1)

    orders = Orders("S1")
    for number in range(1, 521):
        orders = orders.given("info", "INFO", by="admin", at=at("07:00")).state
        orders = orders.answered({number: 0}, at("07:00")).state
    assert refused.value.problem.code == "wrong_state"
    assert len(orders.orders) == 500
    assert orders.last == 520


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ((SAMPLES / "devicecmd.body").read_text(), {41: 0, 42: 0, 43: -1}),
        ("ID=1&Return=0&CMD=INFO", {1: 0}),
        ("ID=7\r\nReturn=-1002\r\nCMD=DATA\r\nContent=x\r\n", {7: -1002}),
        ("ID=7\nReturn=0\nCMD=INFO\nContent=~ID=9\n", {7: 0}),
        ("", {}),
        ("nonsense", {}),
    ],
)
def test_results_in_every_form_of_the_protocol(text, results):
    assert results_of(text) == results
