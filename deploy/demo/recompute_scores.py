"""Compute a person's score again from exported facts, with nothing but the standard library.

Reads ``{"employee", "period", "facts"}`` as JSON from standard input, where ``facts`` are the
items of ``GET /v1/facts?employee=…&period=…``, and prints ``{"score", "lines", "missing"}``. It is
written from the published formulas, imports nothing of the product and knows no database, so that
anybody can put another program in its place.
"""

import json
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

Fact = dict[str, Any]

DAY = "attendance.day.changed.v1"
CONFIRMED = "tasks.help_request.confirmed.v1"
JUDGED = {"present", "late", "left_early", "late_and_left_early", "incomplete", "absent"}
INDICATORS = (("punctuality", 100, 50), ("help_rating", 5, 30))
"""Code, target and weight of what applies to a person."""


def newest(facts: list[Fact], kind: str) -> list[Fact]:
    """Of several facts of a kind about one subject, the one with the highest sequence."""
    found: dict[str, Fact] = {}
    for fact in facts:
        known = found.get(fact["subject"])
        if fact["type"] == kind and (known is None or fact["sequence"] > known["sequence"]):
            found[fact["subject"]] = fact
    return list(found.values())


def punctuality(facts: list[Fact], employee: str) -> Fraction | None:
    """Percent of judged working days that began in time; None without any."""
    days = [fact["data"] for fact in newest(facts, DAY) if fact["employee"] == employee]
    judged = [day for day in days if day["working_day"] and day["status"] in JUDGED]
    if not judged:
        return None
    in_time = [
        day
        for day in judged
        if day["status"] != "absent"
        and (day["first_in"] is not None or day["status"] in {"present", "left_early"})
        and day["late_minutes"] == 0
    ]
    return Fraction(100 * len(in_time), len(judged))


def help_rating(facts: list[Fact], employee: str) -> Fraction | None:
    """Mean rating of confirmed help in which the person took part; None without any."""
    confirmed = [fact for fact in newest(facts, CONFIRMED) if employee in fact["people"]]
    ratings = [fact["data"]["rating"] for fact in confirmed if fact["data"]["rating"] is not None]
    return Fraction(sum(ratings), len(ratings)) if ratings else None


def four_places(figure: Fraction) -> str:
    """The figure with four places, rounded half even once."""
    return str(Decimal(round(figure * 10_000)).scaleb(-4))


def score(facts: list[Fact], employee: str) -> dict[str, Any]:
    """The score, its lines, and the indicators that drop out for want of facts."""
    values = {
        "punctuality": punctuality(facts, employee),
        "help_rating": help_rating(facts, employee),
    }
    weights = sum(weight for code, _, weight in INDICATORS if values[code] is not None)
    total, lines = Fraction(0), []
    for code, target, weight in INDICATORS:
        value = values[code]
        if value is None:
            continue
        achieved = min(Fraction(1), value / target)
        share = Fraction(100 * weight, weights)
        total += achieved * share
        lines.append(
            {
                "indicator": code,
                "value": four_places(value),
                "target": four_places(Fraction(target)),
                "achievement": four_places(achieved),
                "weight": four_places(share),
                "contribution": four_places(achieved * share),
            }
        )
    missing = [code for code, _, _ in INDICATORS if values[code] is None]
    return {"score": four_places(total) if lines else None, "lines": lines, "missing": missing}


def main() -> None:
    """Read the facts, print the score."""
    exported = json.load(sys.stdin)
    facts = [fact for fact in exported["facts"] if fact["period"] == exported["period"]]
    json.dump(score(facts, exported["employee"]), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
