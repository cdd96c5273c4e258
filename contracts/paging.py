"""Pages of long lists: what a caller may ask for and what comes back."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class Paging(BaseModel):
    """Which part of a list is wanted; ``cursor`` is what the page before gave as next_cursor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(default=None, max_length=500)
    sort: str | None = Field(default=None, max_length=60, pattern=r"^-?[a-z_]+$")


class Page(BaseModel, Generic[T]):
    """One page; ``next_cursor`` is null on the last."""

    model_config = ConfigDict(frozen=True)

    items: tuple[T, ...]
    next_cursor: str | None = None
