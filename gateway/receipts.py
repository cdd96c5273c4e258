"""Receipt ids: signed notes of which command they speak of, so that the gateway needs no memory."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import jwt
from pydantic import AwareDatetime

from contracts.envelope import CommandId, Value
from gateway.identity.keys import Keys
from gateway.problems import ProblemDocument

AUDIENCE = "sambatan-receipt"
ALGORITHM = "HS256"
LONGEST_ID = 1_000


class PendingReceipt(Value):
    """The command is stored durably and will be carried out; ask again for what became of it."""

    id: str
    status: Literal["pending"] = "pending"
    received_at: AwareDatetime


class Receipt(Value):
    """What became of a command that was answered with 202."""

    id: str
    status: Literal["pending", "accepted", "refused", "stuck"]
    received_at: AwareDatetime
    result: dict[str, Any] | None = None
    problem: ProblemDocument | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What a receipt id says."""

    feature: str
    command: CommandId
    received_at: datetime

    @property
    def service(self) -> str:
        """The service that carries the command out."""
        return self.feature.partition(".")[0]


class ReceiptIds:
    """Writes and reads receipt ids."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def write(
        self, *, feature: str, command: CommandId, account: str, received_at: datetime
    ) -> str:
        """The id of a command's receipt, for its own account."""
        claims = {
            "aud": AUDIENCE,
            "sub": account,
            "f": feature,
            "c": command,
            "t": round(received_at.timestamp() * 1_000),
        }
        headers = {"kid": self._keys.current}
        return jwt.encode(claims, self._keys.signing, algorithm=ALGORITHM, headers=headers)

    def read(self, receipt: str, account: str) -> Noted | None:
        """What the id says; nothing where it is forged or somebody else's."""
        if len(receipt) > LONGEST_ID:
            return None
        try:
            key = self._keys.by_id[jwt.get_unverified_header(receipt)["kid"]]
            claims = jwt.decode(receipt, key, algorithms=[ALGORITHM], audience=AUDIENCE)
            noted = Noted(
                feature=str(claims["f"]),
                command=CommandId(str(claims["c"])),
                received_at=datetime.fromtimestamp(int(claims["t"]) / 1_000, UTC),
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError):
            return None
        return noted if claims.get("sub") == account else None
