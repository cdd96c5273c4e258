"""The month that the thresholds were set on: plain shapes, each cheat by the book."""

import random
from datetime import timedelta

from services.attendance.reviews.captures import Spot
from tests.reviews_month.month import DAYS, Month, Office, Person, moment, office_at, some_days

OFFICES = [office_at(f"K{n}", (n % 8 - 4) * 1_100, (n // 8 - 2) * 1_300) for n in range(40)]


def satellites(rng: random.Random, person: Person, office: Office) -> Spot:
    """An honest phone under an open sky."""
    north, east = person.seat
    lat, lon = office.beside(rng.gauss(north, 5), rng.gauss(east, 5))
    return Spot(lat, lon, rng.uniform(3.5, 18))


def wireless(_rng: random.Random, person: Person, office: Office) -> Spot:
    """A desk PC that knows its room only: the same for all who sit there."""
    room = int(person.seat[0]) // 20
    lat, lon = office.beside(room * 20.5, 3.25)
    return Spot(lat, lon, 25.0 + room % 5)


def make(people: int, seed: int) -> Month:
    """The month of so many people."""
    rng = random.Random(seed)
    month = Month(rng)
    staff = [
        Person(f"p{n}", rng.choice(OFFICES), (rng.uniform(-50, 50), rng.uniform(-50, 50)))
        for n in range(people)
    ]
    pool = iter(rng.sample(staff, len(staff)))
    cheats = _cheats(month, pool, people)
    cheating = {id_ for group in month.planted.values() for id_ in group}
    for person in staff:
        if person.id not in cheating:
            _honest(month, person)
    for cheat in cheats:
        cheat()
    return month


def _take(pool, number):
    return [next(pool) for _ in range(max(1, number))]


def _cheats(month, pool, people):
    share = people / 6_000
    ring = month.plant("ring", _take(pool, round(400 * share)))
    static = month.plant("same place every day", _take(pool, round(40 * share)))
    mocked = month.plant("mocked flag", _take(pool, round(30 * share)))
    travel = month.plant("two places at once", _take(pool, round(30 * share)))
    relayed = month.plant("code passed on", _take(pool, round(30 * share)))
    perfect = month.plant("perfect accuracy", _take(pool, round(20 * share)))
    delayed = month.plant("dated back", _take(pool, round(30 * share)))
    offline = month.plant("always offline", _take(pool, round(20 * share)))
    return [
        lambda: _ring(month, ring),
        lambda: [_static(month, each) for each in static],
        lambda: [_mocked(month, each) for each in mocked],
        lambda: [_travel(month, each) for each in travel],
        lambda: [_relayed(month, each) for each in relayed],
        lambda: [_perfect(month, each) for each in perfect],
        lambda: [_delayed(month, each) for each in delayed],
        lambda: [_offline(month, each) for each in offline],
    ]


def _honest(month: Month, person: Person, skip=frozenset()) -> None:
    rng = month.rng
    kind = rng.random()
    where = wireless if kind < 0.15 else satellites
    behind = timedelta(seconds=rng.uniform(130, 240)) if 0.15 <= kind < 0.16 else None
    offline = some_days(rng, 1, 3) if 0.16 <= kind < 0.175 else set()
    for day in DAYS:
        if day in skip or rng.random() < 0.04:
            continue
        late = timedelta(hours=3) if day in offline else behind or timedelta(seconds=1)
        more = {"offline": True} if day in offline else {}
        arrived, left = moment(day, rng.gauss(7.3, 0.15)), moment(day, rng.gauss(16.7, 0.2))
        for at in (arrived, left):
            month.capture(
                person, at, where(rng, person, person.office), received_after=late, **more
            )
        if rng.random() < 0.05:
            _moves(month, person, arrived + timedelta(hours=2))


def _moves(month: Month, person: Person, at) -> None:
    rng, other = month.rng, month.rng.choice(OFFICES)
    month.capture(person, at, satellites(rng, person, other), office=other)


def _ring(month: Month, people) -> None:
    """Cirebon: one app, few coordinates, many people."""
    places = {office: office.beside(7, -11) for office in OFFICES[:6]}
    for person in people:
        person.office = month.rng.choice(OFFICES[:6])
        days = some_days(month.rng, 8, 16)
        for day in days:
            for hour in (month.rng.gauss(7.2, 0.1), month.rng.gauss(16.6, 0.1)):
                spot = Spot(*places[person.office], 5.0)
                month.capture(person, moment(day, hour), spot)
        _honest(month, person, skip=days)


def _static(month: Month, person: Person) -> None:
    """An own pin on the map, every time the same."""
    spot = Spot(*person.office.beside(*person.seat), 8.0)
    days = some_days(month.rng, 6, 18)
    for day in days:
        month.capture(person, moment(day, month.rng.gauss(7.2, 0.1)), spot)
    _honest(month, person, skip=days)


def _mocked(month: Month, person: Person) -> None:
    days = some_days(month.rng, 3, 10)
    for day in days:
        real = satellites(month.rng, person, person.office)
        spot = Spot(real.lat, real.lon, real.accuracy_m, mocked=True)
        month.capture(person, moment(day, 7.2), spot)
    _honest(month, person, skip=days)


def _travel(month: Month, person: Person) -> None:
    """Present from home, and minutes later really somewhere else."""
    far = office_at("FAR", 5_500, -3_000)
    days = some_days(month.rng, 2, 6)
    for day in days:
        at = moment(day, 7.4)
        month.capture(person, at, satellites(month.rng, person, person.office))
        later = at + timedelta(minutes=month.rng.uniform(0.5, 2))
        month.capture(person, later, satellites(month.rng, person, far), office=far)
    _honest(month, person, skip=days)


def _relayed(month: Month, person: Person) -> None:
    days = some_days(month.rng, 3, 10)
    for day in days:
        home = office_at("HOME", 6_000, 2_500)
        spot = satellites(month.rng, person, home)
        month.capture(person, moment(day, 7.4), spot, by_kiosk=True, elsewhere=True)
    _honest(month, person, skip=days)


def _perfect(month: Month, person: Person) -> None:
    days = some_days(month.rng, 3, 10)
    for day in days:
        real = satellites(month.rng, person, person.office)
        month.capture(person, moment(day, 7.2), Spot(real.lat, real.lon, 0.0))
    _honest(month, person, skip=days)


def _delayed(month: Month, person: Person) -> None:
    days = some_days(month.rng, 9, 18)
    for day in days:
        spot = satellites(month.rng, person, person.office)
        late = timedelta(minutes=month.rng.uniform(3, 4.9))
        month.capture(person, moment(day, 7.48), spot, received_after=late)
    _honest(month, person, skip=days)


def _offline(month: Month, person: Person) -> None:
    days = some_days(month.rng, 10, 16)
    for day in days:
        spot = satellites(month.rng, person, person.office)
        late = timedelta(hours=month.rng.uniform(1, 5))
        month.capture(person, moment(day, 7.4), spot, received_after=late, offline=True)
    _honest(month, person, skip=days)
