"""The machines' protocol at the gateway: bodies in pieces, words by firmware, nothing lost."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from contracts.attendance import RecordCheckIn
from contracts.device_lines import MOST_CHARACTERS, MOST_LINES, NoteOperations, StoreLines
from contracts.device_views import DeviceMet, DeviceOrder
from contracts.devices import MeetDevice, RecordOrderResults
from contracts.envelope import Answer
from contracts.outcome import Problem
from gateway.app import create_app
from gateway.machines import words
from gateway.machines.lines import LineSplitter, as_text
from gateway.settings import Settings
from kit.messaging.client import Unavailable
from tests.unit.gateway.conftest import KEY

SAMPLES = Path(__file__).parents[2] / "data" / "zkteco"
NOW = datetime(2026, 11, 24, 0, 12, 3, tzinfo=UTC)
SERIAL = "SOLO0000001"


def met(**more):
    return DeviceMet(serial=SERIAL, time_zone="Asia/Jakarta", **more)


@pytest.fixture
def machine(anonymous, courier):
    """The gateway as a registered machine meets it."""
    courier.answer = Answer(result=met().model_dump_json())
    courier.accepts("{}", status=200)
    return anonymous


def stored(courier, kind=StoreLines):
    return [
        line for sent in courier.commands if isinstance(sent.body, kind) for line in sent.body.lines
    ]


def split(*pieces):
    splitter = LineSplitter()
    lines = [line for piece in pieces for line in splitter.feed(piece)]
    return lines + splitter.end()


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_lines_do_not_depend_on_the_pieces_they_come_in(pieces):
    whole = b"".join(pieces)

    assert split(*pieces) == split(whole) == split(*(bytes([byte]) for byte in whole))


def test_blank_lines_are_none_and_the_last_needs_no_end():
    assert split(b"a\r\n\r\n \nb\n", b"\nc") == ["a", "b", "c"]


def test_of_a_line_without_end_only_the_beginning_is_kept():
    splitter = LineSplitter()
    for _ in range(64):
        assert splitter.feed(b"x" * 65_536) == []

    assert splitter.end() == ["x" * MOST_CHARACTERS]


def test_names_of_old_firmware_are_read_byte_by_byte_and_control_characters_go():
    assert as_text("Pegawai\tÑ".encode("latin-1")) == "Pegawai\tÑ"
    assert as_text(b"a\x00b\x1bc\td\x7f\r") == "abc\td"


@pytest.mark.parametrize(
    ("version", "last_line", "sample"),
    [
        ("2.4.1", None, "handshake.response-2x.txt"),
        ("3.2.0", "2026-11-23 16:42:10", "handshake.response-32.txt"),
    ],
)
def test_the_handshake_is_in_the_words_of_the_firmware(version, last_line, sample):
    expected = (SAMPLES / sample).read_text().replace("Delay=30", "Delay=10")

    assert words.handshake(met(last_line=last_line), version, NOW) == expected


@pytest.mark.parametrize(
    ("zone", "common", "modern"),
    [
        ("Asia/Jakarta", "7", "+07:00"),
        ("Asia/Makassar", "8", "+08:00"),
        ("Asia/Jayapura", "9", "+09:00"),
        ("Asia/Kolkata", "330", "+05:30"),
        ("America/New_York", "-5", "-05:00"),
    ],
)
def test_the_zone_is_always_said(zone, common, modern):
    here = DeviceMet(serial=SERIAL, time_zone=zone)

    assert f"TimeZone={common}\n" in words.handshake(here, "2.4.1", NOW)
    assert f"TimeZone={common}\n" in words.handshake(here, "", NOW)
    assert f"TimeZone={modern}\n" in words.handshake(here, "3.2.0", NOW)
    assert f"TimeZone={modern}\n" in words.push_options(here, NOW)


def test_a_machine_is_given_back_its_own_stamp():
    assert "ATTLOGStamp=781\n" in words.handshake(met(stamp="781"), "2.4.1", NOW)
    assert "\nStamp=781\n" in words.handshake(met(stamp="781"), "1.0", NOW)


@pytest.mark.parametrize("version", ["", "x", "٣.٢", "999999999999999999999", "2", "-3"])
def test_any_version_is_answered(version):
    assert words.handshake(met(), version, NOW).startswith(f"GET OPTION FROM: {SERIAL}\n")


def test_only_the_two_logs_are_asked_for():
    for version in ("2.4.1", "3.2.0"):
        told = words.handshake(met(), version, NOW)
        assert "AttLog\tOpLog\n" in told
        assert "Photo" not in told.replace("ATTPHOTOStamp", "")
        assert "FP" not in told


def test_the_time_is_told_with_its_offset():
    assert words.clock(met(), NOW) == "Time=2026-11-24T07:12:03+07:00\n"


async def test_a_machine_asks_for_its_options(machine, courier):
    answer = await machine.get(
        f"/iclock/cdata?SN={SERIAL}&options=all&language=69&pushver=2.4.1&DeviceType=att"
    )

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith(f"GET OPTION FROM: {SERIAL}\n")
    (asked,) = courier.queries
    assert isinstance(asked.body, MeetDevice)
    assert (asked.body.serial, asked.body.address) == (SERIAL, "127.0.0.1")
    assert asked.actor.account == f"device:{SERIAL}"
    assert asked.actor.grants == ()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("attlog-empty.body", "OK: 0"),
        ("attlog-4-fields.body", "OK: 1"),
        ("attlog-5-fields-lf.body", "OK: 3"),
        ("attlog-7-fields-crlf.body", "OK: 2"),
        ("attlog-10-fields.body", "OK: 1"),
        ("attlog-trailing-tab-crlf.body", "OK: 1"),
        ("attlog-odd-pins.body", "OK: 4"),
        ("attlog-bad-lines.body", "OK: 5"),
        ("attlog-resend.body", "OK: 4"),
        ("attlog-double-tap.body", "OK: 3"),
    ],
)
@pytest.mark.parametrize("table", ["table=ATTLOG", "table=%20ATTLOG", "table=attlog"])
async def test_every_line_is_acknowledged_repeats_and_unreadable_ones_too(
    machine, courier, name, answer, table
):
    body = (SAMPLES / name).read_bytes()

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&{table}&Stamp=9999", content=body)

    assert (told.status_code, told.text) == (200, answer)
    assert f"OK: {len(stored(courier))}" == answer


async def test_a_large_body_goes_in_parts_and_is_never_too_large(machine, courier):
    count = 30_000
    lines = b"".join(b"%d\t2026-11-24 07:11:58\t0\t1\t0\n" % number for number in range(count))

    async def in_pieces():
        for start in range(0, len(lines), 65_521):
            yield lines[start : start + 65_521]

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&table=ATTLOG", content=in_pieces())

    assert told.text == f"OK: {count}"
    assert len(stored(courier)) == count
    assert {len(sent.body.lines) for sent in courier.commands} <= set(range(1, MOST_LINES + 1))
    assert len({sent.id for sent in courier.commands}) == len(courier.commands)


async def half_a_body(app, path):
    """What is answered to a machine that hangs up in the middle of its body."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": f"SN={SERIAL}&table=ATTLOG".encode(),
        "headers": [],
        "client": ("127.0.0.1", 40_000),
        "server": ("gateway", 80),
        "scheme": "http",
    }
    told = []
    coming = iter(
        [
            {"type": "http.request", "body": b"1\tx\n2\ty", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive():
        return next(coming)

    async def send(message):
        told.append(message)

    await app(scope, receive, send)
    return told[0]["status"]


@pytest.mark.parametrize("path", ["/iclock/cdata", "/iclock/devicecmd", "/iclock/querydata"])
async def test_a_machine_that_hangs_up_in_the_middle_is_not_acknowledged(app, courier, path):
    courier.answer = Answer(result=met().model_dump_json())
    courier.accepts("{}", status=200)

    assert await half_a_body(app, path) == 400
    assert courier.commands == []


async def test_what_is_stored_in_the_broker_is_acknowledged(machine, courier):
    courier.verdict = None  # stored, not looked at yet

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&table=ATTLOG", content=b"1\tx\n")

    assert told.text == "OK: 1"


async def test_what_is_not_known_to_be_stored_is_not_acknowledged(machine, courier):
    courier.verdict = Unavailable("the broker is away")

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&table=ATTLOG", content=b"1\tx\n")

    assert told.status_code == 503
    assert int(told.headers["retry-after"]) >= 1


async def test_one_part_that_is_not_stored_takes_the_whole_body_back(machine, courier):
    command = courier.command

    async def only_the_first(sent, patience_s):
        verdict = await command(sent, patience_s)
        if len(courier.commands) > 1:
            raise Unavailable("the broker went away")
        return verdict

    courier.command = only_the_first
    lines = b"1\t2026-11-24 07:11:58\t0\t1\n" * (MOST_LINES + 1)

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&table=ATTLOG", content=lines)

    assert told.status_code == 503


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "cdata?options=all&"),
        ("GET", "cdata?type=time&"),
        ("POST", "cdata?table=ATTLOG&"),
        ("POST", "cdata?table=OPERLOG&"),
        ("POST", "cdata?table=ATTPHOTO&"),
        ("GET", "getrequest?"),
        ("POST", "devicecmd?"),
        ("GET", "ping?"),
        ("POST", "registry?"),
        ("POST", "push?"),
        ("POST", "querydata?"),
    ],
)
async def test_an_unknown_machine_and_an_absent_service_keep_the_records_with_the_machine(
    anonymous, courier, method, path
):
    courier.answer = Answer(status=403, problem=Problem(code="device_unknown"))
    unknown = await anonymous.request(method, f"/iclock/{path}SN=UNKNOWN999", content=b"1\tx\n")
    courier.answer = Unavailable("attendance did not answer")
    away = await anonymous.request(method, f"/iclock/{path}SN={SERIAL}", content=b"1\tx\n")

    assert (unknown.status_code, unknown.json()["code"]) == (403, "device_unknown")
    assert away.status_code == 503
    assert courier.commands == []


async def test_a_fault_of_ours_keeps_the_records_with_the_machine(anonymous, courier):
    courier.answer = Answer(status=500, problem=Problem(code="internal_error"))

    answer = await anonymous.post(f"/iclock/cdata?SN={SERIAL}&table=ATTLOG", content=b"1\tx\n")

    assert answer.status_code == 503


@pytest.mark.parametrize("serial", ["", "SN=", "SN=%00", "SN=a%20b", "SN=" + "x" * 41, "SN=%F0%9F"])
async def test_a_machine_that_does_not_say_which_it_is_is_unknown(anonymous, courier, serial):
    answer = await anonymous.post(f"/iclock/cdata?table=ATTLOG&{serial}", content=b"1\tx\n")

    assert (answer.status_code, answer.json()["code"]) == (403, "device_unknown")
    assert courier.queries == []


async def test_a_real_request_of_an_unknown_machine_is_refused(anonymous, courier):
    courier.answer = Answer(status=403, problem=Problem(code="device_unknown"))
    head, _, body = (
        (SAMPLES / "attlog-unknown-device.request.http").read_bytes().partition(b"\r\n\r\n")
    )
    path = head.split(b" ")[1].decode()

    answer = await anonymous.post(path, content=body)

    assert answer.status_code == 403


async def test_of_the_operation_log_names_and_templates_stay_outside(machine, courier):
    body = (SAMPLES / "operlog.body").read_bytes()

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&table=OPERLOG&Stamp=9999", content=body)

    assert told.text == "OK: 5"
    assert len(stored(courier, NoteOperations)) == 3
    sent = "".join(one.model_dump_json() for one in courier.commands)
    assert "TMP" not in sent
    assert "Pegawai" not in sent
    assert "Q09OVE9I" not in sent


@pytest.mark.parametrize(
    "table", ["ATTPHOTO", "BIODATA", "BIOPHOTO", "options", "rtlog", "", "%00"]
)
async def test_what_was_not_asked_for_is_acknowledged_and_dropped(machine, courier, table):
    photo = b"PIN=1001.jpg\x00" + bytes(range(256)) * 4_000

    told = await machine.post(f"/iclock/cdata?SN={SERIAL}&table={table}", content=photo)

    assert (told.status_code, told.text) == (200, "OK")
    assert courier.commands == []


async def test_orders_are_handed_over_one_a_line(machine, courier):
    idle = await machine.get(f"/iclock/getrequest?SN={SERIAL}")
    texts = (
        (41, "INFO"),
        (42, "DATA UPDATE USERINFO PIN=1001\tName=Pegawai Contoh\tPri=0"),
        (
            43,
            "DATA QUERY ATTLOG StartTime=2026-11-23 00:00:00\tEndTime=2026-11-23 23:59:59",
        ),
    )
    orders = tuple(DeviceOrder(number=number, text=text) for number, text in texts)
    courier.answer = Answer(result=met(orders=orders).model_dump_json())
    busy = await machine.get(f"/iclock/getrequest?SN={SERIAL}&INFO=Ver%208.0.4.2,120,118")

    assert idle.text == (SAMPLES / "getrequest-idle.response.txt").read_text()
    assert busy.text == (SAMPLES / "getrequest-commands.response.txt").read_text().rstrip("\n")
    assert courier.queries[-1].body.info == "Ver 8.0.4.2,120,118"


async def test_results_of_orders_are_stored_before_the_machine_is_told(machine, courier):
    body = (SAMPLES / "devicecmd.body").read_bytes()

    told = await machine.post(f"/iclock/devicecmd?SN={SERIAL}", content=body)
    courier.verdict = Unavailable("the broker is away")
    again = await machine.post(f"/iclock/devicecmd?SN={SERIAL}", content=body)

    assert told.text == "OK"
    assert isinstance(courier.commands[0].body, RecordOrderResults)
    assert courier.commands[0].body.text == body.decode()
    assert again.status_code == 503


async def test_a_long_report_is_cut(machine, courier):
    body = b"ID=1&Return=0&CMD=INFO\n" + b"~Option=1\n" * 100_000

    told = await machine.post(f"/iclock/devicecmd?SN={SERIAL}", content=body)

    assert told.text == "OK"
    assert len(courier.commands[0].body.text) <= 16_384


async def test_newer_firmware_registers_and_pings(machine):
    head, _, body = (SAMPLES / "registry.request.http").read_bytes().partition(b"\r\n\r\n")
    path = head.split(b" ")[1].decode()

    first = await machine.post(path, content=body)
    again = await machine.post(path, content=body)
    ping = await machine.get(f"/iclock/ping?SN={SERIAL}")

    assert first.text.startswith("RegistryCode=")
    assert first.text == again.text
    assert (ping.status_code, ping.text) == (200, "OK")


@pytest.mark.parametrize("path", ["cdata.aspx", "cdata.php", "cdata.ASPX"])
async def test_paths_of_some_brands_have_a_suffix(machine, courier, path):
    told = await machine.post(f"/iclock/{path}?SN={SERIAL}&table=ATTLOG", content=b"1\tx\n")
    clock = await machine.get(f"/iclock/{path}?SN={SERIAL}&type=time")

    assert told.text == "OK: 1"
    assert clock.text.startswith("Time=2")


async def address_seen(courier, settings, headers, peer="10.20.3.4"):
    """What the gateway takes for the machine's address, served as ``python -m gateway`` does."""
    courier.answer = Answer(result=met().model_dump_json())
    app = create_app(settings, courier=courier)
    if settings.trusted_proxies:
        app = ProxyHeadersMiddleware(app, trusted_hosts=settings.trusted_proxies)
    transport = httpx.ASGITransport(app, client=(peer, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        await client.get(f"/iclock/ping?SN={SERIAL}", headers=headers)
    return courier.queries[-1].body.address


async def test_a_forwarded_address_is_believed_of_a_trusted_proxy_only(courier, settings):
    stated = {"X-Forwarded-For": "10.20.9.9"}
    behind = Settings.model_validate(
        {"rabbitmq_url": "amqp://nowhere", "signing_key": KEY, "trusted_proxies": "10.20.3.4"}
    )

    assert await address_seen(courier, settings, {}) == "10.20.3.4"
    assert await address_seen(courier, settings, stated) is None
    assert await address_seen(courier, behind, stated) == "10.20.9.9"
    assert await address_seen(courier, behind, stated, peer="192.0.2.7") == "192.0.2.7"
    forged = {"X-Forwarded-For": "10.99.0.1, 192.0.2.66"}  # the first is the caller's own invention
    assert await address_seen(courier, behind, forged) == "192.0.2.66"


def test_lines_of_machines_have_a_queue_of_their_own():
    assert {StoreLines.feature, NoteOperations.feature} == {"attendance.device_lines"}
    assert RecordCheckIn.feature != StoreLines.feature
