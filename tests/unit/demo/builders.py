"""A small city to play in."""

from deploy.demo.play.cast import Cast, Office, Person


def a_cast(people: int = 40) -> Cast:
    """People of two agencies at two offices; every tenth has no civil-servant number."""
    crowd = [
        Person(
            id=f"019b2f4e-0000-7000-8000-{place:012}",
            name=f"Pegawai {place}",
            nip=None if place % 10 == 0 else f"1980010120100110{place:02}",
            agency="BKPSDM" if place % 4 else "DINSOS",
            username=f"p{place:04}",
        )
        for place in range(people)
    ]
    offices = (
        Office("33.72.01", -7.56, 110.79, frozenset({"DINSOS"})),
        Office("33.72.02", -7.58, 110.81, frozenset()),
        Office("BALAIKOTA", -7.569192, 110.829658, frozenset({"BKPSDM"})),
    )
    return Cast(tuple(crowd), offices)
