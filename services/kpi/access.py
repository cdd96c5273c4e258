"""Who may see which score and which facts: deny by default, one place, pure functions.

* A person's score: the person; who supervises the person; heads of the person's agencies and of
  those above; administrators and auditors of the city. To anybody else it is not there (404): not
  even whether a score exists is theirs to know.
* An agency's score: everybody who works for the city, its administrators and auditors. It is a
  count without persons, and other governments receive it as an event. Accounts that only carry
  data or run the system have no business with it (403).
* What an agency's figures consist of names people: heads of the agency and of those above it,
  administrators and auditors (403 to others).
* Indicators are open to every account: nobody is measured by a secret rule. Administrators of the
  city propose versions; another administrator, or the head of the whole city, decides.
* Measurements come from administrators, from heads for what they lead (never for themselves), and
  from systems with a key, which can do nothing else. Administrators issue and revoke keys.
"""

from datetime import date
from typing import Protocol, TypeVar

from contracts.directory import Assignment
from contracts.envelope import CITY, Actor, AgencyCode, EmployeeId
from contracts.outcome import Refusal
from kit.jobs.model import Job
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, supervisors_on


class Subject(Protocol):
    """As much of what is measured as decides about access."""

    @property
    def agency(self) -> AgencyCode:
        """The agency it belongs to."""

    @property
    def employee(self) -> EmployeeId | None:
        """The person, where it is one."""


class Measured(Protocol):
    """As much of an employee as decides about access."""

    @property
    def id(self) -> str:
        """Whose score it is."""

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """The dated posts."""


P = TypeVar("P", bound=Measured)


def sees_scores_of(actor: Actor, person: Measured, tree: AgencyTree, on: date) -> bool:
    """Whether the actor sees this person's scores and facts on a day."""
    if actor.has("admin", "auditor"):
        return True
    if actor.employee is not None:
        if actor.employee == person.id:
            return True
        if actor.employee in supervisors_on(person.assignments, on):
            return True
    return any(leads(actor, agency, tree) for agency in agencies_on(person.assignments, on))


def leads(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor heads this agency or one above it."""
    return any(tree.covers(scope, agency) for scope in actor.scopes("head"))


def may_see_scores_of(actor: Actor, person: P | None, tree: AgencyTree, on: date) -> P:
    """The person; whom the actor may not see is answered exactly as nobody at all."""
    if person is None or not sees_scores_of(actor, person, tree, on):
        raise Refusal("not_found")
    return person


def may_see_score_of_agency(actor: Actor, *, known: bool) -> None:
    """Agency scores are for the city's people and its overseers."""
    if actor.employee is None and not actor.has("admin", "auditor"):
        raise Refusal("forbidden")
    if not known:
        raise Refusal("not_found")


def may_see_facts_of_agency(actor: Actor, agency: str, tree: AgencyTree, *, known: bool) -> None:
    """The facts behind an agency's score are for those who lead it and for overseers."""
    if not explains_agency(actor, agency, tree):
        raise Refusal("forbidden")
    if not known:
        raise Refusal("not_found")


def explains_agency(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor may open an agency's figures down to the facts."""
    return actor.has("admin", "auditor") or leads(actor, agency, tree)


def may_propose_indicators(actor: Actor) -> None:
    """Administrators of the city propose what people are measured by."""
    if not actor.has("admin"):
        raise Refusal("forbidden")


def decides_indicators(actor: Actor, tree: AgencyTree) -> bool:
    """Administrators, and the head of the whole city, decide about proposals of others."""
    heads = actor.scopes("head")
    return actor.has("admin") or any(one in tree.roots() or one == CITY for one in heads)


def may_decide_indicators(actor: Actor, tree: AgencyTree) -> None:
    """Only who decides; the aggregate sees to it that it is a second person."""
    if not decides_indicators(actor, tree):
        raise Refusal("forbidden")


def evaluates(actor: Actor, person: Measured, tree: AgencyTree, on: date) -> bool:
    """Whether the actor is the person's evaluator: the supervisor; without one, who leads there.

    Nobody evaluates themselves: a head's evaluator leads the agency above.
    """
    if actor.employee is None or actor.employee == person.id:
        return False
    supervisors = supervisors_on(person.assignments, on)
    if supervisors:
        return actor.employee in supervisors
    return any(leads(actor, agency, tree) for agency in agencies_on(person.assignments, on))


def confirms(
    actor: Actor, person: Measured, agency: str, tree: AgencyTree, *, evaluator: str | None
) -> bool:
    """Whether the actor may make a review final, or give it back.

    A second person who leads there, or the city's administrator; never the evaluator or the person.
    """
    if actor.employee is not None and actor.employee in {person.id, evaluator}:
        return False
    return actor.has("admin") or leads(actor, agency, tree)


def works_with(actor: Actor, own: Measured | None, person: Measured, on: date) -> bool:
    """Whether the actor works with the person: one agency today, or one supervises the other."""
    if own is None or own.id == person.id or actor.employee != own.id:
        return False
    if set(agencies_on(own.assignments, on)) & set(agencies_on(person.assignments, on)):
        return True
    return own.id in supervisors_on(person.assignments, on) or person.id in supervisors_on(
        own.assignments, on
    )


def may_measure(actor: Actor, subject: Subject | None, tree: AgencyTree) -> None:
    """Administrators, and heads for their agencies and people; nobody about themselves.

    What a head does not lead is refused in the same way whether it is there or not.
    """
    if subject is not None and actor.employee is not None and actor.employee == subject.employee:
        raise Refusal("forbidden")
    leading = subject is not None and leads(actor, subject.agency, tree)
    if not (actor.has("admin") or leading):
        raise Refusal("forbidden")


def may_import_measurements(actor: Actor) -> None:
    """Files come from administrators and heads; each row is looked at on its own."""
    if not (actor.has("admin") or actor.scopes("head")):
        raise Refusal("forbidden")


def may_issue_keys(actor: Actor) -> None:
    """Administrators say which system may feed which indicator."""
    if not actor.has("admin"):
        raise Refusal("forbidden")


def may_read_period(actor: Actor, agency: str, tree: AgencyTree, *, known: bool) -> None:
    """How a month stands, and whether it is intact, is for those who lead and for overseers."""
    may_see_facts_of_agency(actor, agency, tree, known=known)


def closes_period(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whoever leads the agency closes its months, and the personnel administrator."""
    return actor.has("admin") or leads(actor, agency, tree)


def reopens_period(actor: Actor) -> bool:
    """Only the personnel administrator opens a closed month again."""
    return actor.has("admin")


def may_close_period(actor: Actor, agency: str, tree: AgencyTree, *, known: bool) -> None:
    """Refuse who does not close; an agency that nobody knows is not found by those who would."""
    if not closes_period(actor, agency, tree):
        raise Refusal("forbidden")
    if not known:
        raise Refusal("not_found")


def may_reopen_period(actor: Actor, *, known: bool) -> None:
    """Refuse who does not reopen."""
    if not reopens_period(actor):
        raise Refusal("forbidden")
    if not known:
        raise Refusal("not_found")


def may_preview_indicators(actor: Actor, tree: AgencyTree) -> None:
    """A preview names people and their scores: for those who propose and decide, who see all."""
    if not (actor.has("admin") or decides_indicators(actor, tree)):
        raise Refusal("forbidden")


def sees_job(actor: Actor, job: Job) -> bool:
    """Jobs are seen, and stopped, by who asked for them and by administrators."""
    return actor.account == job.actor.account or actor.has("admin")


def may_check_ledger(actor: Actor) -> None:
    """Administrators and auditors look at the ledger as a whole."""
    if not actor.has("admin", "auditor"):
        raise Refusal("forbidden")
