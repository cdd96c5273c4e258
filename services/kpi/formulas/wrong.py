"""What is wrong with a formula, and where."""

from contracts.outcome import FieldError, Refusal


class FormulaWrong(Exception):
    """A formula cannot be taken; ``line`` and ``column`` count from one and point at the cause."""

    def __init__(
        self, detail: str, line: int, column: int, *, code: str = "formula_invalid"
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.line = line
        self.column = column
        self.code = code

    def refusal(self, pointer: str) -> Refusal:
        """The same as an answer to whoever sent the formula in this field."""
        where = f"line {self.line}, column {self.column}: {self.detail}"
        error = FieldError(pointer=pointer, detail=where)
        return Refusal(self.code, errors=(error,), line=self.line, column=self.column)
