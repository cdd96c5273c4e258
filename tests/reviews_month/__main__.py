"""``python -m tests.reviews_month [tuning|reported] [--people 6000] [--seed 1]`` prints figures."""

import argparse

from tests.reviews_month import reported, tuning
from tests.reviews_month.scoring import look, report

_GENERATORS = {"tuning": tuning.make, "reported": reported.make}


def main() -> None:
    """Generate, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("generator", nargs="?", choices=_GENERATORS, default="reported")
    parser.add_argument("--people", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    month = _GENERATORS[asked.generator](asked.people, asked.seed)
    print(f"{asked.generator}, {asked.people} people, seed {asked.seed}, "
          f"{sum(map(len, month.captures.values()))} captures\n")  # fmt: skip
    print(report(look(month)))


if __name__ == "__main__":
    main()
