"""The general acts' collection, and those in force in memory: a new day asks no database."""

from collections.abc import Iterable
from datetime import date

from kit.storage.aggregates import Stored
from kit.storage.freshness import KeptFresh
from kit.storage.store import Store
from rules.agencies import AgencyTree
from services.attendance.days.inputs import Input
from services.attendance.general_acts.model import GeneralAct
from services.attendance.patterns.model import DayRules
from services.attendance.requests.store import RequestStore


class GeneralActStore(RequestStore[GeneralAct]):
    """General acts by id; those in force by date, at most a few seconds behind what is stored."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, "general_acts", GeneralAct)
        self._in_force: dict[str, Stored[GeneralAct]] = {}
        self._by_date: dict[date, tuple[GeneralAct, ...]] = {}
        self._kept = KeptFresh(store, self._read)

    async def inputs_for(
        self, employee: str, rules: DayRules, tree: AgencyTree
    ) -> tuple[Input, ...]:
        """What the acts in force say of a day that begins."""
        await self._kept.ensure()
        return tuple(
            act.input()
            for act in self._by_date.get(rules.on, ())
            if act.meets(rules) and act.concerns(employee, rules.agency, tree)
        )

    async def _read(self) -> None:
        """Look which acts are in force, and load those that are new or changed."""
        found = await self.collection.find({"state": "approved"}, projection={"version": 1})
        versions = {one["_id"]: one["version"] for one in found}
        known = {id_: act.version for id_, act in self._in_force.items()}
        if versions == known:
            return
        changed = [id_ for id_, version in versions.items() if known.get(id_) != version]
        loaded = await self.get_many(changed)
        kept = {id_: act for id_, act in self._in_force.items() if id_ in versions}
        self._in_force = {
            id_: act for id_, act in {**kept, **loaded}.items() if act.state.state == "approved"
        }
        self._by_date = _by_date(act.state for act in self._in_force.values())


def _by_date(acts: Iterable[GeneralAct]) -> dict[date, tuple[GeneralAct, ...]]:
    found: dict[date, tuple[GeneralAct, ...]] = {}
    for act in acts:
        for on in act.days:
            found[on] = (*found.get(on, ()), act)
    return found
