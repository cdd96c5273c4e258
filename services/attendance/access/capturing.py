"""Who records moments: people, kiosks, machines, and who looks after these."""

from contracts.envelope import Actor
from contracts.outcome import Refusal


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


def may_show_kiosk(actor: Actor, office: str) -> None:
    """Only the kiosk of that office is told its code: nobody reads it from elsewhere."""
    if office not in actor.scopes("kiosk"):
        raise Refusal("forbidden")


def may_rotate_kiosks(actor: Actor) -> None:
    """The personnel administrator replaces a kiosk's secret."""
    if not actor.has("admin"):
        raise Refusal("forbidden")
