"""What if one fact were another, and why two computations of one score differ."""

from collections.abc import Mapping, Sequence

from contracts.envelope import Query
from contracts.explanations import (
    AskWhatIf,
    CompareComputations,
    FactDifference,
    ScoreDifference,
)
from contracts.outcome import Refusal
from kit.messaging.handlers import Handlers
from services.kpi.context import Kpi
from services.kpi.indicators.observations import Observation, observe, ruling_among
from services.kpi.ledger.model import Fact
from services.kpi.periods.model import Period
from services.kpi.scorecards.comparing import changed, difference, known_at
from services.kpi.scorecards.from_ledger import facts_about
from services.kpi.scorecards.model import Sheet, entries_for, rows_of, score
from services.kpi.scorecards.reading import period_of, person_asked_for
from services.kpi.scorecards.rulebook import Rules, rules_in, rules_of

handlers: Handlers[Kpi] = Handlers()

MOST_FACTS = 500


@handlers.answers(AskWhatIf)
async def ask_what_if(query: Query[AskWhatIf], kpi: Kpi) -> ScoreDifference:
    """A person's score as it is, and as it would be if one fact were another; nothing changes."""
    person = await person_asked_for(query, kpi)
    period, change = period_of(query), query.body.change
    rules = await rules_of(person.id, period, "employee", kpi)
    ruling = _ruling(await facts_about(person.id, period, kpi), period, person.id)
    key = next((key for key, seen in ruling.items() if seen.fact == change.fact), None)
    if key is None:
        raise Refusal.invalid("/change/fact", "no fact that rules in this score; see its lines")
    would_be = {**ruling, key: changed(ruling[key], change)}
    before, after = _sheet(ruling, rules, person.id), _sheet(would_be, rules, person.id)
    return difference(person.id, period.text, before, after)


@handlers.answers(CompareComputations)
async def compare_computations(query: Query[CompareComputations], kpi: Kpi) -> ScoreDifference:
    """What was known at one moment, and at another: scores, lines, versions, and the facts."""
    person = await person_asked_for(query, kpi)
    period, asked = period_of(query), query.body
    until = asked.to or query.received_at
    if until < asked.from_:
        raise Refusal.invalid("/to", "not before from")
    facts = await facts_about(person.id, period, kpi)
    book = await kpi.book.current()
    key = (person.id, period.text)
    sheets, ruling = [], []
    for moment in (asked.from_, until):
        known = _ruling([one for one in facts if one.time <= moment], period, person.id)
        rules = await rules_in(known_at(book, moment), [key], "employee", kpi)
        ruling.append(known)
        sheets.append(_sheet(known, rules[key], person.id))
    found = difference(person.id, period.text, *sheets)
    return found.model_copy(update={"facts": _differing(facts, ruling[0], ruling[1], person.id)})


def _ruling(facts: Sequence[Fact], period: Period, employee: str) -> dict[str, Observation]:
    found = ruling_among(observe(fact) for fact in facts)
    return {
        key: seen
        for key, seen in found.items()
        if period.holds(seen.on) and employee in seen.people
    }


def _sheet(ruling: Mapping[str, Observation], rules: Rules, employee: str) -> Sheet:
    entries = entries_for(ruling, employee=employee)
    return score(rows_of(entries.values()), rules, "employee")


def _differing(
    facts: Sequence[Fact],
    before: Mapping[str, Observation],
    after: Mapping[str, Observation],
    employee: str,
) -> tuple[FactDifference, ...]:
    """The things about which another fact rules that says something else."""
    by_id = {fact.id: fact.shown(only=employee) for fact in facts}
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, is_ = before.get(key), after.get(key)
        if (was.row if was else None) == (is_.row if is_ else None):
            continue
        newest = is_ or was
        assert newest is not None
        found.append(
            FactDifference(
                subject=newest.subject,
                date=newest.on,
                before=by_id[was.fact] if was else None,
                after=by_id[is_.fact] if is_ else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.date, one.subject)))[:MOST_FACTS]
