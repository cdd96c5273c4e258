"""Indexes and validators, declared beside each store and applied by one explicit step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.storage.connection import Database


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a collection."""

    keys: Sequence[tuple[str, int]]
    unique: bool = False
    sparse: bool = False
    partial: Mapping[str, Any] | None = None
    expire_after_s: int | None = None

    @property
    def name(self) -> str:
        """The name under which the index stands."""
        return "_".join(f"{field}_{way}" for field, way in self.keys)

    def options(self) -> dict[str, Any]:
        """The driver's keyword arguments."""
        options: dict[str, Any] = {"name": self.name}
        if self.unique:
            options["unique"] = True
        if self.sparse:
            options["sparse"] = True
        if self.partial is not None:
            options["partialFilterExpression"] = dict(self.partial)
        if self.expire_after_s is not None:
            options["expireAfterSeconds"] = self.expire_after_s
        return options


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """What a collection needs before its service starts."""

    name: str
    indexes: tuple[Index, ...] = ()
    validator: Mapping[str, Any] | None = None


async def apply(database: Database, plans: Sequence[CollectionPlan], *, dry_run: bool) -> list[str]:
    """Create what is missing; returns what was (or would be) done. Safe to repeat."""
    done: list[str] = []
    for plan in plans:
        collection = database.collection(plan.name)
        if not dry_run:
            await database.create_collection(plan.name, plan.validator)
        standing = await collection.index_names()
        for index in plan.indexes:
            if index.name in standing:
                continue
            done.append(f"index {plan.name}.{index.name}")
            if not dry_run:
                await collection.create_index(index.keys, **index.options())
    return done
