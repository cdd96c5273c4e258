"""Who leads and supervises whom, from the own copies of accounts and people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.envelope import CITY, AgencyCode
from rules.assignments import agencies_on, supervisors_on
from services.tasks.notifications.model import Recipient
from services.tasks.own_copies.accounts import Accounts
from services.tasks.own_copies.model import City, People


@dataclass(frozen=True, slots=True)
class Known:
    """What is known now."""

    accounts: Accounts
    city: City
    people: People

    def heads(self, agency: str) -> Sequence[Recipient]:
        """Who heads the agency, or the nearest one above it that has a head."""
        return self._nearest(agency, but=None)

    def responders(self, agency: str) -> Sequence[Recipient]:
        """Who answers for the agency: its heads (or the nearest above) and its responders."""
        own = self.accounts.responders_of.get(agency, ())
        return [*self.heads(agency), *(Recipient(each, heads=AgencyCode(agency)) for each in own)]

    def all_heads(self, *, but: str) -> Sequence[Recipient]:
        """Who heads any agency but this one."""
        return [
            Recipient(person, heads=AgencyCode(agency))
            for agency, people in sorted(self.accounts.heads_of.items())
            if agency not in {but, CITY}
            for person in people
        ]

    def deciders(self, employee: str, on: date) -> Sequence[Recipient]:
        """The supervisors of that day; where there are none, the heads above, never the person."""
        known = self.people.known.get(employee)
        if known is None:
            return ()
        supervisors = sorted(supervisors_on(known.assignments, on) - {employee})
        if supervisors:
            return [Recipient(person, supervises=employee) for person in supervisors]
        agencies = agencies_on(known.assignments, on)
        return self._nearest(agencies[0], but=employee) if agencies else ()

    def is_top(self, agency: str) -> bool:
        """Whether no agency is above."""
        return self.city.tree.parent(agency) is None

    def members(self, agency: str, on: date) -> Sequence[Recipient]:
        """Whose main post is in the agency on a day."""
        return [
            Recipient(person)
            for person in sorted(self.people.known)
            if self.people.agency_of(person, on) == agency
        ]

    def _nearest(self, agency: str, *, but: str | None) -> Sequence[Recipient]:
        for code in self.city.tree.path(agency):
            heads = [each for each in self.accounts.heads_of.get(code, ()) if each != but]
            if heads:
                return [Recipient(person, heads=AgencyCode(code)) for person in heads]
        return ()
