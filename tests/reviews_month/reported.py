"""The month that figures are reported on: other shapes, other seeds, never used for tuning.

Honest people here have what real phones have: heavy tails, stated accuracies that are wrong, rooms
located by wireless networks that claim twelve metres, phones that repeat their last fix, jumps.
Cheats are careful, rare, or do it by halves.
"""

import random
from datetime import timedelta

from rules.geometry import distance_m
from services.attendance.reviews.captures import Spot
from tests.reviews_month.month import DAYS, Month, Office, Person, moment, office_at, some_days

HALL = office_at("HALL", 0, 0)


class City:
    """Offices of very different size, scattered; phones of different kinds."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.offices = [HALL] + [
            office_at(f"R{n}", rng.gauss(0, 2_600), rng.gauss(0, 2_900)) for n in range(60)
        ]

    def office(self) -> Office:
        """A quarter of all people sit in the city hall."""
        return HALL if self.rng.random() < 0.25 else self.rng.choice(self.offices[1:])

    def satellites(self, person: Person, office: Office) -> Spot:
        """Heavy tails, an accuracy that follows them loosely; one in a hundred jumps."""
        rng = self.rng
        scale = rng.lognormvariate(1.4, 0.5)
        north, east = (seat + scale * rng.gauss(0, 1) / rng.uniform(0.3, 1) for seat in person.seat)
        accuracy = max(1.6, scale * rng.lognormvariate(0.6, 0.4))
        if rng.random() < 0.01:
            north, east = north + rng.gauss(0, 350), east + rng.gauss(0, 350)
            accuracy = rng.uniform(30, 100)
        return Spot(*office.beside(north, east), round(accuracy, 1))


def make(people: int, seed: int) -> Month:
    """The month of so many people."""
    rng = random.Random(seed * 7_919 + 13)
    month, city = Month(rng), City(rng)
    staff = [
        Person(f"q{n}", city.office(), (rng.gauss(0, 30), rng.gauss(0, 30))) for n in range(people)
    ]
    pool = iter(rng.sample(staff, len(staff)))
    share = people / 6_000

    def take(kind: str, number: int) -> list[Person]:
        return list(month.plant(kind, [next(pool) for _ in range(max(1, round(number * share)))]))

    plans = [
        (_ring, take("ring", 1_329)),
        (_static, take("same places", 60)),
        (_pair, take("two share a place", 30)),
        (_careful, take("careful: invented scatter", 40)),
        (_mocked, take("mocked flag", 25)),
        (_travel, take("two places at once", 40)),
        (_relayed, take("code passed on, position sent", 25)),
        (_relayed_blind, take("code passed on, no position", 25)),
        (_perfect, take("perfect accuracy", 20)),
        (_delayed, take("dated back", 40)),
        (_offline, take("offline by choice", 30)),
    ]
    cheating = {id_ for group in month.planted.values() for id_ in group}
    for person in staff:
        if person.id not in cheating:
            _honest(month, city, person)
    for plan, group in plans:
        plan(month, city, group)
    return month


def _honest(month: Month, city: City, person: Person, skip=frozenset()) -> None:
    rng, kind = month.rng, month.rng.random()
    phone = _phone(kind)
    offline = some_days(rng, 1, 6) if 0.20 <= kind < 0.22 else set()
    behind = rng.uniform(60, 290) if 0.22 <= kind < 0.24 else 1
    for day in DAYS:
        if day in skip or rng.random() < 0.06:
            continue
        hours = [rng.gauss(7.35, 0.2), rng.gauss(16.8, 0.5)]
        if rng.random() < 0.15:
            hours.insert(1, rng.uniform(11, 13))
        for hour in hours:
            late = timedelta(seconds=behind)
            if day in offline:
                late = timedelta(hours=rng.uniform(0.2, 30))
            spot = city.satellites(person, person.office)
            person.last = phone(rng, person, spot) if phone else spot
            more = {"offline": True} if day in offline else {}
            month.capture(person, moment(day, hour), person.last, received_after=late, **more)
        if rng.random() < 0.06:
            _ride(month, city, person, moment(day, 9.5))


def _phone(kind: float):
    if kind < 0.12:
        return _wireless
    if kind < 0.13:
        return _wireless_bold
    if kind < 0.15:
        return _stale
    if kind < 0.20:
        return _rounded
    return None


def _wireless(_rng, person, _spot) -> Spot:
    room = round(person.seat[0] / 15)
    return Spot(*person.office.beside(room * 15.3, 4.1), 20.0 + abs(room) % 7 * 9)


def _wireless_bold(_rng, person, _spot) -> Spot:
    """A room located by networks that claims twelve metres."""
    room = round(person.seat[0] / 25)
    return Spot(*person.office.beside(room * 25.3, 6.7), 12.5)


def _stale(rng, person, spot) -> Spot:
    """A phone that sometimes repeats its last fix."""
    return person.last if person.last is not None and rng.random() < 0.35 else spot


def _rounded(_rng, _person, spot) -> Spot:
    return Spot(round(spot.lat, 6), round(spot.lon, 6), round(spot.accuracy_m))


def _ride(month: Month, city: City, person: Person, at) -> None:
    """A motorbike through the city, two captures and the minutes the way takes."""
    rng, other = month.rng, month.rng.choice(city.offices)
    month.capture(person, at, city.satellites(person, person.office))
    straight_m = distance_m(person.office.lat, person.office.lon, other.lat, other.lon)
    way_m = straight_m * 1.3 + 200
    ride = timedelta(seconds=way_m / (rng.uniform(18, 50) / 3.6))
    month.capture(person, at + ride, city.satellites(person, other), office=other)


def _ring(month: Month, city: City, people) -> None:
    """1,329 people on nine coordinates, some of them now and then, some with a coarse accuracy."""
    rng = month.rng
    places = [city.offices[n].beside(rng.gauss(0, 20), rng.gauss(0, 20)) for n in range(9)]
    sets = [(round(a, 6), round(b, 6)) if n % 3 == 0 else (a, b) for n, (a, b) in enumerate(places)]
    for person in people:
        chosen = min(8, int(rng.expovariate(0.45)))
        person.office = city.offices[chosen]
        accuracy = rng.choice([1.0, 3.9, 5.0, 10.0, 14.2, 35.0])
        days = some_days(rng, 1, 20)
        for day in days:
            for hour in (rng.gauss(7.2, 0.1), rng.gauss(16.6, 0.3)):
                month.capture(person, moment(day, hour), Spot(*sets[chosen], accuracy))
        _honest(month, city, person, skip=days)


def _static(month: Month, city: City, people) -> None:
    """Two to five saved places, taken in turn; some say a coarse accuracy."""
    rng = month.rng
    for person in people:
        saved = [
            Spot(*person.office.beside(rng.gauss(0, 25), rng.gauss(0, 25)), rng.uniform(2, 26))
            for _ in range(rng.randint(1, 5))
        ]
        days = some_days(rng, 5, 16)
        for day in days:
            month.capture(person, moment(day, rng.gauss(7.3, 0.1)), rng.choice(saved))
        _honest(month, city, person, skip=days)


def _pair(month: Month, city: City, people) -> None:
    """Two friends, one coordinate, on few days."""
    rng = month.rng
    for one, other in zip(people[::2], people[1::2], strict=False):
        spot = Spot(*one.office.beside(3, 9), 6.0)
        days = some_days(rng, 1, 5)
        for person in (one, other):
            person.office = one.office
            for day in days:
                month.capture(person, moment(day, rng.gauss(7.3, 0.1)), spot)
            _honest(month, city, person, skip=days)


def _careful(month: Month, city: City, people) -> None:
    """An app that scatters the position and states a likely accuracy: nothing gives it away."""
    for person in people:
        _honest(month, city, person)


def _mocked(month: Month, city: City, people) -> None:
    for person in people:
        days = some_days(month.rng, 1, 6)
        for day in days:
            real = city.satellites(person, person.office)
            spot = Spot(real.lat, real.lon, real.accuracy_m, mocked=True)
            month.capture(person, moment(day, 7.3), spot)
        _honest(month, city, person, skip=days)


def _travel(month: Month, city: City, people) -> None:
    """Present from afar, really elsewhere one to twenty minutes later."""
    rng = month.rng
    for person in people:
        days = some_days(rng, 1, 5)
        for day in days:
            far = office_at("ELSEWHERE", rng.gauss(0, 5_000), rng.choice([-1, 1]) * 5_500)
            at = moment(day, rng.gauss(7.4, 0.1))
            later = at + timedelta(minutes=rng.uniform(1, 20))
            month.capture(person, at, city.satellites(person, person.office))
            month.capture(person, later, city.satellites(person, far), office=far)
        _honest(month, city, person, skip=days)


def _relayed(month: Month, city: City, people) -> None:
    for person in people:
        days = some_days(month.rng, 1, 8)
        home = office_at("HOME", month.rng.gauss(0, 4_000), month.rng.gauss(0, 4_000))
        for day in days:
            spot = city.satellites(person, home)
            month.capture(person, moment(day, 7.4), spot, by_kiosk=True, elsewhere=True)
        _honest(month, city, person, skip=days)


def _relayed_blind(month: Month, city: City, people) -> None:
    for person in people:
        days = some_days(month.rng, 2, 12)
        for day in days:
            month.capture(person, moment(day, 7.4), None, by_kiosk=True)
        _honest(month, city, person, skip=days)


def _perfect(month: Month, city: City, people) -> None:
    """Accuracies from nothing to two metres."""
    for person in people:
        claimed = month.rng.choice([0.0, 0.1, 0.5, 1.0, 1.5])
        days = some_days(month.rng, 2, 9)
        for day in days:
            real = city.satellites(person, person.office)
            month.capture(person, moment(day, 7.3), Spot(real.lat, real.lon, claimed))
        _honest(month, city, person, skip=days)


def _delayed(month: Month, city: City, people) -> None:
    """One to five minutes, on four to eighteen days."""
    rng = month.rng
    for person in people:
        days = some_days(rng, 4, 18)
        for day in days:
            spot = city.satellites(person, person.office)
            late = timedelta(minutes=rng.uniform(1, 4.9))
            month.capture(person, moment(day, 7.48), spot, received_after=late)
        _honest(month, city, person, skip=days)


def _offline(month: Month, city: City, people) -> None:
    rng = month.rng
    for person in people:
        days = some_days(rng, 4, 14)
        for day in days:
            spot = city.satellites(person, person.office)
            late = timedelta(hours=rng.uniform(0.5, 20))
            month.capture(person, moment(day, 7.4), spot, received_after=late, offline=True)
        _honest(month, city, person, skip=days)
