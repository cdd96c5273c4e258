"""What a machine is answered with, in the words of its firmware (domain.md §4.1)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.device_views import DeviceMet
from kit.ids import derived_id

ERROR_DELAY_S = 60
POLL_S = 10
_SECONDS_OF_HOUR = 3_600


def handshake(met: DeviceMet, push_version: str, now: datetime) -> str:
    """The options of a machine; only its attendance and operation logs are asked for.

    Firmware of push 3 takes the zone as ``+07:00`` and stamps as moments, earlier ones hours and
    numbers. The stamp is the machine's own last one: with none it sends its whole log, which the
    store absorbs.
    """
    modern = _major(push_version) >= 3
    lines = [f"GET OPTION FROM: {met.serial}"]
    lines += _modern(met, now) if modern else _common(met, push_version, now)
    return "".join(f"{line}\n" for line in lines)


def clock(met: DeviceMet, now: datetime) -> str:
    """The time in the machine's zone, with its offset."""
    here = now.astimezone(ZoneInfo(met.time_zone))
    return f"Time={here.isoformat(timespec='seconds')}\n"


def orders(met: DeviceMet) -> str:
    """What there is to do, one order a line, or ``OK``."""
    return "\n".join(f"C:{one.number}:{one.text}" for one in met.orders) or "OK"


def registry(met: DeviceMet) -> str:
    """The registration of firmware for access control; always the same for a machine."""
    code = derived_id("registry", met.serial).replace("-", "")[:12].upper()
    return f"RegistryCode={code}\n"


def push_options(met: DeviceMet, now: datetime) -> str:
    """What firmware for access control asks after its registration; no table is wanted of it."""
    return "".join(
        f"{line}\n"
        for line in (
            *("ServerVersion=3.0.1", "ServerName=Sambatan", "PushVersion=3.0.1"),
            *(f"ErrorDelay={ERROR_DELAY_S}", f"RequestDelay={POLL_S}", "TransTimes=00:00;14:05"),
            *("TransInterval=1", "TransTables=", "Realtime=1", "TimeoutSec=60"),
            f"TimeZone={_offset(met, now)}",
        )
    )


def _modern(met: DeviceMet, now: datetime) -> list[str]:
    stamp = met.last_line.replace(" ", "T") if met.last_line else "None"
    return [
        f"ErrorDelay={ERROR_DELAY_S}",
        f"Delay={POLL_S}",
        "TransTimes=0",
        "TransInterval=0",
        "TransFlag=AttLog\tOpLog",
        "Realtime=1",
        "Encrypt=0",
        f"TimeZone={_offset(met, now)}",
        "Timeout=60",
        "SyncTime=3600",
        "ServerVer=3.2.0",
        f"ATTLOGStamp={stamp}",
        f"OPERLOGStamp={stamp}",
    ]


def _common(met: DeviceMet, push_version: str, now: datetime) -> list[str]:
    stamp = met.stamp or "None"
    oldest = ["Stamp=" + stamp, "OpStamp=9999"] if _major(push_version) < 2 else []
    return [
        *oldest,
        f"ATTLOGStamp={stamp}",
        "OPERLOGStamp=9999",
        "ATTPHOTOStamp=None",
        f"ErrorDelay={ERROR_DELAY_S}",
        f"Delay={POLL_S}",
        "TransTimes=00:00;14:05",
        "TransInterval=1",
        "TransFlag=TransData AttLog\tOpLog",
        f"TimeZone={_hours(met, now)}",
        "Realtime=1",
        "Encrypt=0",
        "ServerVer=2.4.1",
    ]


def _major(push_version: str) -> int:
    """2 for whoever does not say."""
    first = push_version.strip().partition(".")[0]
    return int(first) if first.isascii() and first.isdigit() else 2


def _utc_offset(met: DeviceMet, now: datetime) -> timedelta:
    return now.astimezone(ZoneInfo(met.time_zone)).utcoffset() or timedelta()


def _offset(met: DeviceMet, now: datetime) -> str:
    return now.astimezone(ZoneInfo(met.time_zone)).isoformat()[-6:]


def _hours(met: DeviceMet, now: datetime) -> str:
    """Whole hours, or minutes where half an hour is left over."""
    seconds = int(_utc_offset(met, now).total_seconds())
    whole = seconds % _SECONDS_OF_HOUR == 0
    return str(seconds // _SECONDS_OF_HOUR if whole else seconds // 60)
