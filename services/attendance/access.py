"""Who may do what in attendance: deny by default, one place, pure functions.

Unknown and invisible look the same (``not_found``); visible but not allowed is ``forbidden``.
"""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum

from contracts.envelope import CITY, Actor
from contracts.outcome import Refusal
from kit.jobs.model import Job
from rules.agencies import AgencyTree
from rules.assignments import agencies_on, supervisors_on
from services.attendance.own_copies.store import Person


class Sight(IntEnum):
    """How much of a person's attendance an actor sees."""

    NOTHING = 0
    OFFICE = 1
    EVERYTHING = 2


def sight_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> Sight:
    """What the actor sees of this person on that day.

    Own: everything. Supervisor, head of the agency or one above, administrator, auditor:
    everything. Any other employee of the city: the office, today (api.md, presence).
    """
    if actor.employee == person.id or actor.has("admin", "auditor"):
        return Sight.EVERYTHING
    if actor.employee is not None and actor.employee in supervisors_on(person.assignments, on):
        return Sight.EVERYTHING
    agencies = agencies_on(person.assignments, on)
    if any(leads(actor, agency, tree) for agency in agencies):
        return Sight.EVERYTHING
    return Sight.OFFICE if actor.employee is not None else Sight.NOTHING


def sees_everything(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether :func:`sight_of` is everything; cheap for a colleague who looks at many people."""
    if actor.has("admin", "auditor"):
        return True
    supervises = any(one.supervisor == actor.employee for one in person.assignments)
    if actor.employee == person.id or supervises or actor.scopes("head"):
        return sight_of(actor, person, tree, on) == Sight.EVERYTHING
    return False


def leads(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor heads this agency or one above it."""
    return any(tree.covers(scope, agency) for scope in actor.scopes("head"))


def may_check_in(actor: Actor) -> str:
    """The employee the actor may record a moment for: only themselves."""
    if actor.employee is None:
        raise Refusal("forbidden")
    return actor.employee


def may_import_punches(actor: Actor) -> None:
    """Only accounts with the right ``import:punches`` send moments for others."""
    if not actor.has("loader"):
        raise Refusal("forbidden")


def manages_devices(actor: Actor) -> bool:
    """The personnel administrator registers machines and says whose a PIN is."""
    return actor.has("admin")


def may_manage_devices(actor: Actor) -> None:
    """Only who manages machines changes them."""
    if not manages_devices(actor):
        raise Refusal("forbidden")


def may_read_devices(actor: Actor) -> None:
    """Administrators, operators and auditors see the machines; loaders bring their files."""
    if not actor.has("admin", "operator", "auditor", "loader"):
        raise Refusal("forbidden")


def may_read_lines(actor: Actor) -> None:
    """Lines say who came when: for administrators and auditors."""
    if not actor.has("admin", "auditor"):
        raise Refusal("forbidden")


def may_order_devices(actor: Actor) -> None:
    """Administrators and operators tell machines what to do."""
    if not actor.has("admin", "operator"):
        raise Refusal("forbidden")


def device_account(serial: str) -> str:
    """What a machine is called as an actor; no account of a person can be."""
    return f"device:{serial}"


def may_push_lines(actor: Actor, serial: str) -> None:
    """A machine brings its own lines and results."""
    if actor.account != device_account(serial):
        raise Refusal("forbidden")


def sets_policies(actor: Actor) -> bool:
    """Whether the actor enters policies and calendars: the personnel administrator."""
    return actor.has("admin")


def may_set_policies(actor: Actor) -> None:
    """The personnel administrator enters policies and calendars."""
    if not sets_policies(actor):
        raise Refusal("forbidden")


def may_see_policies(actor: Actor) -> None:
    """Everybody of the city may know the hours people work by; outsiders may not."""
    if actor.employee is None and not actor.has("admin", "auditor", "operator"):
        raise Refusal("forbidden")


def may_preview_policies(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """A preview shows people's days: for whoever may see them all, and may want the change."""
    if not (actor.has("admin", "auditor") or leads(actor, agency, tree)):
        raise Refusal("forbidden")


def plans_shifts(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor enters this agency's rosters: who leads it, or the administrator."""
    return actor.has("admin") or leads(actor, agency, tree)


def may_plan_shifts(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """Whoever leads the agency plans its shifts."""
    if not plans_shifts(actor, agency, tree):
        raise Refusal("forbidden")


def may_see_roster(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """A roster hangs on the wall of its agency: for its people, and those who oversee it."""
    own = actor.agency is not None and tree.covers(agency, actor.agency)
    if not (own or actor.has("admin", "auditor") or leads(actor, agency, tree)):
        raise Refusal("forbidden")


def sees_groups(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether the actor sees who is named in a group of this agency."""
    return actor.has("admin", "auditor") or leads(actor, agency, tree)


def decides_about(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether the actor (or whom they act for) decides about this person's requests.

    A supervisor, or the head of an agency the person works for or of one above it. Nobody decides
    about themselves: a head's request goes to the head of the parent agency. Where no agency is
    above, the city's personnel administrator decides.
    """
    selves = selves_of(actor)
    if person.id in selves:
        return False
    if selves & supervisors_on(person.assignments, on):
        return True
    agencies = agencies_on(person.assignments, on)
    if any(leads(actor, agency, tree) for agency in agencies):
        return True
    at_the_top = any(tree.parent(agency) is None for agency in agencies[:1])
    return at_the_top and actor.has("admin")


def may_decide_about(actor: Actor, person: Person, tree: AgencyTree, on: date) -> None:
    """Refuse whoever does not decide; those who may not even see the person learn nothing."""
    if decides_about(actor, person, tree, on):
        return
    seen = sight_of(actor, person, tree, on) == Sight.EVERYTHING
    raise Refusal("forbidden" if seen else "not_found")


def decides_reviews_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether the actor says what a finding means: who decides about the person, or the personnel
    administrator; never about themselves.
    """
    own = person.id in {actor.employee, actor.on_behalf_of}
    return not own and (actor.has("admin") or decides_about(actor, person, tree, on))


def may_decide_reviews_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> None:
    """Refuse whoever does not decide; those who may not even see the person learn nothing."""
    if not decides_reviews_of(actor, person, tree, on):
        seen = sight_of(actor, person, tree, on) == Sight.EVERYTHING
        raise Refusal("forbidden" if seen else "not_found")


def may_show_kiosk(actor: Actor, office: str) -> None:
    """Only the kiosk of that office is told its code: nobody reads it from elsewhere."""
    if office not in actor.scopes("kiosk"):
        raise Refusal("forbidden")


def may_rotate_kiosks(actor: Actor) -> None:
    """The personnel administrator replaces a kiosk's secret."""
    if not actor.has("admin"):
        raise Refusal("forbidden")


def may_see_days_of(actor: Actor, person: Person | None, tree: AgencyTree, on: date) -> Person:
    """The person whose days the actor may see; anybody else's look unknown."""
    if person is None or sight_of(actor, person, tree, on) < Sight.EVERYTHING:
        raise Refusal("not_found")
    return person


def may_list_days(
    actor: Actor, agency: str | None, supervisor: str | None, tree: AgencyTree
) -> None:
    """Lists are for those who lead the agency, for a supervisor's own people, and for overseers."""
    if actor.has("admin", "auditor"):
        return
    if supervisor is not None and supervisor == actor.employee:
        return
    if agency is not None and leads(actor, agency, tree):
        return
    raise Refusal("forbidden")


def may_read_recaps(actor: Actor, agency: str, tree: AgencyTree) -> None:
    """Sums of a month are for the head of the agency or one above it, and for overseers."""
    if not actor.has("admin", "auditor") and not leads(actor, agency, tree):
        raise Refusal("forbidden")


def may_import_reference_days(actor: Actor) -> None:
    """What the old system says is brought in by who may import, or by the administrator."""
    if not actor.has("loader", "admin"):
        raise Refusal("forbidden")


def may_see_access_log(actor: Actor, person: Person | None) -> Person:
    """Who looked at a person's attendance is for that person, and for overseers (UU 27/2022)."""
    if person is None or not (actor.employee == person.id or actor.has("admin", "auditor")):
        raise Refusal("not_found")
    return person


def may_export_data_of(actor: Actor, person: Person | None) -> Person:
    """Everything that is kept of a person is handed out to that person or the administrator."""
    if person is None or not (actor.employee == person.id or actor.has("admin")):
        raise Refusal("not_found")
    return person


def may_forget_positions_of(actor: Actor, person: Person | None) -> None:
    """The personnel administrator orders the end of a person's exact positions."""
    if not actor.has("admin"):
        raise Refusal("forbidden")
    if person is None:
        raise Refusal("not_found")


def may_see_statement(actor: Actor, person: Person | None) -> Person:
    """A statement names who looked: it is for whom the access log is for."""
    return may_see_access_log(actor, person)


def may_recompute_days(actor: Actor) -> None:
    """The personnel administrator has days computed anew."""
    if not actor.has("admin"):
        raise Refusal("forbidden")


def sees_job(actor: Actor, job: Job) -> bool:
    """Jobs are seen, and stopped, by who asked for them and by the personnel administrator."""
    return actor.account == job.actor.account or actor.has("admin")


def may_see_presence(actor: Actor) -> None:
    """Presence is for the city's own people and its overseers, not for other governments."""
    if actor.employee is None and not actor.has("admin", "auditor", "operator"):
        raise Refusal("forbidden")


def sees_names_of_agency(actor: Actor, agency: str, tree: AgencyTree) -> bool:
    """Whether a list of present people may name those of this agency."""
    return (
        actor.has("admin", "auditor")
        or actor.agency == agency
        or leads(actor, agency, tree)
        or CITY in actor.scopes("head")
    )


def selves_of(actor: Actor) -> frozenset[str]:
    """The person who asks, and the one they act for."""
    return frozenset(who for who in (actor.employee, actor.on_behalf_of) if who is not None)


def may_ask(actor: Actor) -> None:
    """Requests are made by the city's own people and by its administrator."""
    if actor.employee is None and not actor.has("admin"):
        raise Refusal("forbidden")


def may_ask_for(actor: Actor, person: Person, tree: AgencyTree, on: date) -> None:
    """A request is made by the person, by who decides about them, or by the administrator."""
    if actor.employee == person.id or actor.has("admin"):
        return
    if not decides_about(actor, person, tree, on):
        raise Refusal("forbidden")


def sees_request_of(actor: Actor, person: Person, tree: AgencyTree, on: date) -> bool:
    """Whether the actor may know of a person's requests."""
    if sight_of(actor, person, tree, on) == Sight.EVERYTHING:
        return True
    return decides_about(actor, person, tree, on)


def is_inside(actor: Actor) -> bool:
    """Whether the actor belongs to the city or oversees it."""
    return actor.employee is not None or actor.has("admin", "auditor", "operator")


def may_propose_act(
    actor: Actor, agencies: Sequence[str], tree: AgencyTree, *, whole_city: bool
) -> None:
    """General acts are proposed by who leads all agencies concerned, or by the administrator."""
    if actor.has("admin"):
        return
    if whole_city or not agencies or not all(leads(actor, code, tree) for code in agencies):
        raise Refusal("forbidden")


def decides_for_many(
    actor: Actor,
    agencies: Sequence[str],
    tree: AgencyTree,
    *,
    whole_city: bool,
    among_them: bool,
) -> bool:
    """Whether the actor decides about an act for many people.

    The administrator, or who leads all agencies concerned; never one of those whom it concerns,
    unless it is for the whole city, of which everybody is part.
    """
    if whole_city:
        return actor.has("admin") or CITY in actor.scopes("head")
    if among_them or not agencies:
        return False
    return actor.has("admin") or all(leads(actor, code, tree) for code in agencies)
