"""The national performance frame: plans, feedback, reviews, predicates of people and agencies.

Terms follow *PP* 30/2019, *PermenPANRB* 6/2022 and *SE MenPANRB* 3/2023. Predicates keep their
national names, so that nobody has to translate them back for the national system.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from contracts.envelope import AgencyCode, CommandBody, EmployeeId, EventData, QueryBody, Value
from contracts.paging import Paging
from contracts.people import PersonView
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

_EMPLOYEE = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c01")
_HEAD = EmployeeId("019b2f4e-7c1a-7d60-9a51-0f6f3a6d1c02")
_REVIEW = f"{_EMPLOYEE}:2026-Q4"


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


class _OfYear(Value):
    employee: EmployeeId = Field(max_length=64)
    year: Year


class _OfPeriod(Value):
    employee: EmployeeId = Field(max_length=64)
    period: ReviewPeriod


class ProposePlan(CommandBody, _OfYear, name="kpi.propose_plan", feature="kpi.appraisals"):
    """Write the plan of a year, as the person or as the evaluator; the other one must agree."""

    plan: PlanWanted
    if_match: int | None = None


class AgreeToPlan(CommandBody, _OfYear, name="kpi.agree_to_plan", feature="kpi.appraisals"):
    """Agree to what the other side has proposed: the plan holds."""

    said: Said
    if_match: int | None = None


class NoteOnPlan(CommandBody, _OfYear, name="kpi.note_on_plan", feature="kpi.appraisals"):
    """Keep a monitoring note with the plan."""

    said: NoteWanted


class GetPlan(QueryBody, _OfYear, name="kpi.get_plan"):
    """The plan of a person in a year."""


class GiveFeedback(CommandBody, _OfYear, name="kpi.give_feedback", feature="kpi.appraisals"):
    """Say what one noticed; for whom worked with the person or was helped by the person."""

    said: FeedbackWanted


class ListFeedback(Paging, QueryBody, _OfYear, name="kpi.list_feedback"):
    """What was said of a person in a year, newest first; whoever said it sees the own words."""


class ProposeReview(CommandBody, _OfPeriod, name="kpi.propose_review", feature="kpi.appraisals"):
    """Rate a quarter or year; the predicate follows from the nine-cell matrix, as a proposal."""

    review: ReviewWanted
    if_match: int | None = None


class ConfirmReview(CommandBody, _OfPeriod, name="kpi.confirm_review", feature="kpi.appraisals"):
    """Make a proposed review final; never by who proposed it, nor by the person."""

    said: Said
    if_match: int | None = None


class ReturnReview(CommandBody, _OfPeriod, name="kpi.return_review", feature="kpi.appraisals"):
    """Give a proposed or objected review back to the evaluator, with the reason."""

    said: Said
    if_match: int | None = None


class ObjectToReview(CommandBody, _OfPeriod, name="kpi.object_to_review", feature="kpi.appraisals"):
    """Object to the own confirmed review, with the reason, within the deadline."""

    said: Said
    if_match: int | None = None


class GetReview(QueryBody, _OfPeriod, name="kpi.get_review"):
    """The review of a person in a quarter or year."""


class SetAgencyPredicate(
    CommandBody, name="kpi.set_agency_predicate", feature="kpi.agency_predicates"
):
    """State how an agency did in a quarter or year."""

    agency: str = Field(max_length=40)
    period: ReviewPeriod
    wanted: AgencyPredicateWanted


class ListPredicates(Paging, QueryBody, name="kpi.list_predicates"):
    """The predicates of an agency's people, and how they spread beside the national guidance."""

    agency: str = Field(max_length=40)
    period: ReviewPeriod


class StepView(Value):
    """Something that happened, by whom."""

    at: AwareDatetime
    by: PersonView | None
    action: str
    note: str | None = None


class PlanNoteView(Value):
    """A monitoring note."""

    at: AwareDatetime
    by: PersonView | None
    text: str
    item: str | None = None


class PlanView(Value):
    """The plan of a person for a year, how it stands and how it came about."""

    employee: PersonView
    year: int
    state: PlanState
    proposed_by: Party
    items: tuple[PlanItem, ...]
    notes: tuple[PlanNoteView, ...]
    history: tuple[StepView, ...]
    actions: tuple[str, ...] = ()
    version: int


class FeedbackView(Value):
    """Something somebody noticed about a person's work."""

    id: str
    at: AwareDatetime
    by: PersonView | None
    kind: Literal["praise", "advice"]
    text: str
    value: CoreValue | None = None
    helped: bool
    """Whether it comes from an agency that the person had helped that year."""


class ReviewView(Value):
    """A review: what was rated, the predicate it comes to, and how far the sign-off is.

    ``matrix`` says which cell of the national matrix the predicate comes from.
    """

    id: str
    employee: PersonView
    agency: AgencyCode
    period: str
    state: ReviewState
    results: tuple[ItemRating, ...]
    behaviour: tuple[BehaviourRating, ...]
    result_rating: Rating
    behaviour_rating: Rating
    predicate: Predicate
    matrix: str
    note: str | None = None
    objection_until: date | None = None
    history: tuple[StepView, ...]
    actions: tuple[str, ...] = ()
    version: int


class PredicateRow(Value):
    """One reviewed person of an agency in a period."""

    employee: PersonView
    agency: AgencyCode
    state: ReviewState
    result_rating: Rating
    behaviour_rating: Rating
    predicate: Predicate


class Guidance(Value):
    """What the national guidance expects of a predicate's share; null where it says nothing."""

    predicate: Predicate
    people: int
    share: str
    at_least: int | None = None
    at_most: int | None = None


class PredicatesPage(Value):
    """The predicates of an agency's people; the spread is guidance for superiors, never a quota."""

    agency: AgencyCode
    period: str
    organisation: AgencyPredicate | None = None
    basis: str | None = None
    reviewed: int
    spread: tuple[Guidance, ...]
    items: tuple[PredicateRow, ...]
    next_cursor: str | None = None


class AgencyPredicateView(Value):
    """How an agency did as an organisation in a period."""

    agency: AgencyCode
    period: str
    predicate: AgencyPredicate
    basis: str
    set_at: AwareDatetime
    version: int


class PlanChanged(EventData, type="kpi.performance_plan.changed.v1", since="1.3"):
    """A plan was proposed or agreed to; ``waits_for`` names whose agreement is missing."""

    employee: EmployeeId
    agency: AgencyCode
    year: int
    state: PlanState
    waits_for: Party | None = None

    @classmethod
    def example(cls) -> Self:
        """A person has proposed a plan."""
        return cls(
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            year=2026,
            state="proposed",
            waits_for="evaluator",
        )


class FeedbackGiven(EventData, type="kpi.feedback.given.v1", since="1.3"):
    """Somebody said what they noticed about a person's work; the words are not in the event."""

    employee: EmployeeId
    agency: AgencyCode
    year: int
    kind: Literal["praise", "advice"]

    @classmethod
    def example(cls) -> Self:
        """Praise from those who were helped."""
        return cls(employee=_EMPLOYEE, agency=AgencyCode("BKPSDM"), year=2026, kind="praise")


class ReviewChanged(EventData, type="kpi.review.changed.v1", since="1.3"):
    """A review was proposed, returned, confirmed or objected to; ``state`` says which."""

    review: str
    employee: EmployeeId
    agency: AgencyCode
    period: str
    state: ReviewState
    evaluator: EmployeeId

    @classmethod
    def example(cls) -> Self:
        """A review has become final."""
        return cls(
            review=_REVIEW,
            employee=_EMPLOYEE,
            agency=AgencyCode("BKPSDM"),
            period="2026-Q4",
            state="confirmed",
            evaluator=_HEAD,
        )


class AgencyPredicateSet(EventData, type="kpi.agency_predicate.set.v1", since="1.3"):
    """It was stated how an agency did as an organisation."""

    agency: AgencyCode
    period: str
    predicate: AgencyPredicate

    @classmethod
    def example(cls) -> Self:
        """A good year."""
        return cls(agency=AgencyCode("BKPSDM"), period="2026", predicate="baik")
