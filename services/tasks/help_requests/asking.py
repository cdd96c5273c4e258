"""How a help request begins: what is wanted, checked against the city as it is known."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from contracts.envelope import AgencyCode, EmployeeId
from contracts.help_requests import HelpWanted
from contracts.outcome import Refusal
from rules.words import searchable
from rules.working_time import zone
from services.tasks.help_requests.model import EVERYBODY, HelpRequest, Receiver
from services.tasks.own_copies.model import City
from services.tasks.service_levels.targets import NOTHING_ENTERED, LevelBook

FURTHEST_DUE = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for which agency, when; ``imported`` where another system recorded it."""

    agency: AgencyCode
    at: datetime
    by: EmployeeId | None = None
    imported: bool = False


def new_request(
    id_: str,
    number: str,
    wanted: HelpWanted,
    asker: Asker,
    city: City,
    *,
    levels: LevelBook = NOTHING_ENTERED,
) -> HelpRequest:
    """The request as it stands when it is made; refuses what cannot be asked."""
    check_wanted(wanted, asker, city)
    agencies = named_receivers(wanted)
    on = asker.at.astimezone(zone(city.zone_of(asker.agency))).date()
    everybody = levels.of_everybody(asker.agency, wanted.priority, on)
    fresh = HelpRequest(
        id=id_,
        number=number,
        asking_agency=asker.agency,
        to_anyone=wanted.to == "anyone",
        receivers=tuple(
            Receiver(AgencyCode(code), asker.at, terms=levels.terms(code, wanted.priority, on))
            for code in agencies
        ),
        title=wanted.title,
        description=wanted.description,
        skills=wanted.skills,
        people=wanted.people,
        due=whole(wanted.due),
        priority=wanted.priority,
        sensitive=wanted.sensitive,
        requested_at=asker.at,
        requested_by=asker.by,
        participants=(asker.by,) if asker.by else (),
        response_target=everybody.response_minutes,
        terms=everybody,
        words=(),
        imported=asker.imported,
        mode=wanted.mode,
        area=tuple(AgencyCode(code) for code in wanted.area),
        called=called(wanted, city),
    )
    return with_words(fresh)


def with_words(request: HelpRequest) -> HelpRequest:
    """The request with the words by which it is found, as it now reads."""
    agencies = (request.asking_agency, *(each.agency for each in request.receivers))
    found = searchable(
        request.number, request.title, *request.skills, *agencies, request.description
    )
    return replace(request, words=found)


def check_wanted(wanted: HelpWanted, asker: Asker, city: City) -> None:
    """Refuse an unknown agency, oneself, a moment that has passed or lies too far ahead."""
    if not city.knows(asker.agency):
        raise Refusal.invalid("/asking_agency", "is not an agency of the city")
    check_due(wanted.due, asker.at)
    if wanted.to == "anyone" and wanted.sensitive:
        raise Refusal.invalid("/sensitive", "an open call cannot be sensitive")
    _check_area(wanted, city)
    for place, code in enumerate(named_receivers(wanted)):
        if code == asker.agency:
            raise Refusal.invalid(f"/to/{place}", "an agency does not ask itself")
        if not city.knows(code):
            raise Refusal.invalid(f"/to/{place}", "is not an agency of the city")


def called(wanted: HelpWanted, city: City) -> tuple[str, ...]:
    """The agencies an open call reaches: those of the area and below them, else everybody."""
    reached = {code for area in wanted.area for code in city.tree.below(area)}
    return tuple(sorted(reached)) or (EVERYBODY,)


def _check_area(wanted: HelpWanted, city: City) -> None:
    if wanted.area and wanted.to != "anyone":
        raise Refusal.invalid("/area", "narrows an open call only; name the agencies in to")
    for place, code in enumerate(wanted.area):
        if not city.knows(code):
            raise Refusal.invalid(f"/area/{place}", "is not an agency of the city")


def check_due(due: datetime, at: datetime) -> None:
    """Refuse a moment that has passed or lies more than two years ahead."""
    if due <= at:
        raise Refusal.invalid("/due", "must lie after the request")
    if due > at + FURTHEST_DUE:
        raise Refusal.invalid("/due", "may lie at most two years ahead")


def named_receivers(wanted: HelpWanted) -> tuple[str, ...]:
    """The agencies asked by name, each once; none for an open call."""
    return () if wanted.to == "anyone" else tuple(dict.fromkeys(wanted.to))


def whole(moment: datetime) -> datetime:
    """The moment in UTC, cut to the milliseconds that are stored."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1_000 * 1_000)
