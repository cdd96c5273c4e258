"""Further people and agencies for tests that change the rules of nobody else."""

from contracts.directory import Assignment, EmployeeChanged
from tests.integration.attendance.conftest import RECORDED, START, know
from tests.processes import announce
from tests.waiting import eventually


def a_post(employee, agency, position="Analis", supervisor=None):
    """An employee with one post since the beginning."""
    assignment = Assignment(
        id=f"{employee}-1",
        agency=agency,
        position=position,
        supervisor=supervisor,
        from_=START,
        recorded_at=RECORDED,
    )
    return EmployeeChanged(
        employee=employee, name=employee.title(), employment="pns", assignments=(assignment,)
    )


async def announce_people(servers, store, agencies, people):
    """Have the service copy these agencies and people."""
    await announce(
        servers,
        *((one.code, 1, one) for one in agencies),
        *((one.employee, 1, one) for one in people),
    )

    async def copied():
        agencies_known = await store.collection("agencies").count_documents(
            {"_id": {"$in": [one.code for one in agencies]}}
        )
        people_known = await store.collection("people").count_documents(
            {"_id": {"$in": [one.employee for one in people]}}
        )
        return (agencies_known, people_known) == (len(agencies), len(people))

    await eventually(copied, within_s=20)
    await know(store)
