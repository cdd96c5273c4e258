"""The national performance frame: plans, feedback, reviews, predicates of people and agencies.

Terms follow *PP* 30/2019, *PermenPANRB* 6/2022 and *SE MenPANRB* 3/2023. Predicates keep their
national names, so that nobody has to translate them back for the national system.
"""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from contracts.envelope import Value
from contracts.text import LongText, ShortText

Rating = Literal["below", "as_expected", "above"]
"""*Di bawah, sesuai, di atas ekspektasi*."""

Predicate = Literal["sangat_kurang", "kurang", "butuh_perbaikan", "baik", "sangat_baik"]
AgencyPredicate = Literal["sangat_kurang", "kurang", "butuh_perbaikan", "baik", "istimewa"]

CoreValue = Literal[
    "berorientasi_pelayanan",
    "akuntabel",
    "kompeten",
    "harmonis",
    "loyal",
    "adaptif",
    "kolaboratif",
]
"""The seven values of *BerAKHLAK*."""

PlanState = Literal["proposed", "agreed"]
Party = Literal["employee", "evaluator"]
ReviewState = Literal["proposed", "returned", "confirmed", "objected"]

ReviewPeriod = Annotated[
    str, StringConstraints(pattern=r"^20[0-9]{2}(-Q[1-4])?$", min_length=4, max_length=7)
]
"""A quarter (``2026-Q4``) or a year (``2026``)."""

Year = Annotated[int, Field(ge=2020, le=2099)]
ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,19}$")]


class PlanItem(Value):
    """One expected result (*rencana hasil kerja*): how it is measured, and what is aimed at.

    ``kind`` additional is a *tugas tambahan*, such as help for another agency.
    """

    id: ItemId
    kind: Literal["main", "additional"] = "main"
    result: ShortText
    measure: ShortText
    target: ShortText
    aspect: Literal["quantity", "quality", "time", "cost"] | None = None
    supports: ShortText | None = None


class PlanWanted(Value):
    """The expected results of a year; the other side has to agree before they hold."""

    items: tuple[PlanItem, ...] = Field(min_length=1, max_length=30)
    note: LongText | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "H1",
                            "kind": "main",
                            "result": "Layanan kenaikan pangkat selesai tepat waktu",
                            "measure": "Bagian berkas yang selesai dalam 5 hari kerja",
                            "target": "95 persen",
                            "aspect": "time",
                        }
                    ]
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _names_are_unique_and_something_is_main(self) -> Self:
        if len({item.id for item in self.items}) != len(self.items):
            raise ValueError("each item needs an id of its own")
        if all(item.kind == "additional" for item in self.items):
            raise ValueError("at least one item must be of kind main")
        return self


class ItemRating(Value):
    """What came of an expected result."""

    item: ItemId
    realisation: LongText
    rating: Rating


class BehaviourRating(Value):
    """How one of the seven values was lived; ``evidence`` says what shows it."""

    value: CoreValue
    rating: Rating
    evidence: LongText | None = None


class ReviewWanted(Value):
    """A review of a quarter or year: every item of the plan and all seven values are rated.

    ``result_rating`` and ``behaviour_rating`` are the evaluator's judgement of the whole, not an
    average; ``note`` is required where a part was rated otherwise than the whole.
    """

    results: tuple[ItemRating, ...] = Field(min_length=1, max_length=30)
    behaviour: tuple[BehaviourRating, ...] = Field(min_length=7, max_length=7)
    result_rating: Rating
    behaviour_rating: Rating
    note: LongText | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "results": [
                        {"item": "H1", "realisation": "96 persen", "rating": "as_expected"}
                    ],
                    "behaviour": [
                        {"value": "berorientasi_pelayanan", "rating": "as_expected"},
                        {"value": "akuntabel", "rating": "as_expected"},
                        {"value": "kompeten", "rating": "as_expected"},
                        {"value": "harmonis", "rating": "as_expected"},
                        {"value": "loyal", "rating": "as_expected"},
                        {"value": "adaptif", "rating": "as_expected"},
                        {
                            "value": "kolaboratif",
                            "rating": "above",
                            "evidence": "Membantu pendataan di dinas lain (BTN-2026-0012).",
                        },
                    ],
                    "result_rating": "as_expected",
                    "behaviour_rating": "as_expected",
                    "note": "Kolaboratif menonjol, yang lain sesuai ekspektasi.",
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({one.item for one in self.results}) != len(self.results):
            raise ValueError("each item of the plan is rated once")
        if len({one.value for one in self.behaviour}) != len(self.behaviour):
            raise ValueError("each of the seven values is rated once")
        return self


class FeedbackWanted(Value):
    """What somebody who worked with a person noticed (*umpan balik berkelanjutan*)."""

    kind: Literal["praise", "advice"]
    text: LongText
    value: CoreValue | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "praise",
                    "text": "Datang pada hari yang sama dan mengajari staf kami.",
                    "value": "kolaboratif",
                }
            ]
        }
    )


class NoteWanted(Value):
    """A note on the way: how it goes with a result, or with the work as a whole."""

    text: LongText
    item: ItemId | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"item": "H1", "text": "Sampai September 93 persen."}]}
    )


class Said(Value):
    """Why: required to return or object, welcome elsewhere."""

    note: LongText | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "Sudah kami bahas."}]})


class AgencyPredicateWanted(Value):
    """How an agency did as an organisation, and what that rests on."""

    predicate: AgencyPredicate
    basis: LongText

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"predicate": "baik", "basis": "Evaluasi SAKIP 2026: 74,20 (BB)."}]
        }
    )
