"""Delegations over HTTP: acting for another person between two days."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from contracts.identity import (
    Delegate,
    DelegationView,
    ListDelegations,
    RevokeDelegation,
)
from contracts.paging import Page
from gateway.call import Call
from gateway.problems import answers

router = APIRouter(prefix="/v1/delegations", tags=["delegations"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=60)]


@router.get("", summary="List delegations", responses=answers(Page[DelegationView]))
async def list_delegations(call: Call, wanted: Annotated[ListDelegations, Query()]) -> Response:
    """Those you gave or received."""
    return await call.query(wanted)


@router.post("", status_code=201, summary="Delegate", responses=answers(DelegationView, status=201))
async def delegate(call: Call, body: Delegate) -> Response:
    """Let another person act for you between two days."""
    return await call.command(body)


@router.delete("/{id}", summary="Revoke a delegation", responses=answers(DelegationView))
async def revoke_delegation(call: Call, id_: Id) -> Response:
    """Ends it at once; the person who gave it may, and the city's administrator."""
    return await call.command(RevokeDelegation(delegation=id_))
