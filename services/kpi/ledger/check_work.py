"""A portion of a check: one agency's month, ledger against source; the report has every gap."""

from contracts.ledger import CheckRequest
from kit.jobs.model import Job, Portion
from kit.jobs.store import Row
from kit.storage.aggregates import Stored
from services.kpi.context import Kpi
from services.kpi.ledger.checking import counted, gaps
from services.kpi.periods.model import Period

CHECK = "check_ledger"


async def check_portion(kpi: Kpi, stored: Stored[Job]) -> Portion:
    """Compare the next agency; the cursor is the last one's code."""
    asked = CheckRequest.model_validate_json(stored.state.arguments)
    tree = await kpi.copies.tree()
    below = tree.below(asked.agency) if asked.agency else tree.codes()
    left = sorted(code for code in below if code > (stored.state.cursor or ""))
    if not left:
        return Portion(None, done=0)
    agency, period = left[0], Period.of(asked.period)
    rows, days = await _agency(agency, period, kpi)
    await kpi.jobs.write_ahead(stored.id, rows)
    done = stored.state.done + len(left)
    counts = {"days": days, "gaps": len(rows)}
    return Portion(agency if len(left) > 1 else None, done=1, total=done, counts=counts)


async def _agency(agency: str, period: Period, kpi: Kpi) -> tuple[dict[str, Row], int]:
    source = await kpi.counts.of_agency(agency, period)
    here = await kpi.facts.subjects_of_agency(agency, period)
    ledger = counted(await kpi.facts.by_subjects(here), agency)
    ledger = {on: statuses for on, statuses in ledger.items() if period.holds(on)}
    found: dict[str, Row] = {
        f"{agency}:{gap.on}": {
            "agency": agency,
            "date": str(gap.on),
            "source": dict(gap.source),
            "ledger": dict(gap.ledger),
        }
        for gap in gaps(source, ledger)
    }
    for id_, said, kept in await _measurements(agency, period, kpi):
        found[f"{agency}:{id_}"] = {
            "agency": agency,
            "measurement": id_,
            "source": said,
            "ledger": kept,
        }
    return found, len(source.keys() | ledger.keys())


async def _measurements(agency: str, period: Period, kpi: Kpi) -> list[tuple[str, int, int]]:
    """Measurements of which the ledger has another number of values than were recorded."""
    stored = await kpi.measurements.of_agency(agency, period.text)
    kept = dict.fromkeys((one.id for one in stored), 0)
    for fact in await kpi.facts.by_subjects(kept):
        kept[fact.subject] += 1
    said = {one.id: len(one.state.history) for one in stored}
    return [(id_, said[id_], kept[id_]) for id_ in said if said[id_] != kept[id_]]
