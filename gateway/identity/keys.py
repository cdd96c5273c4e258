"""The secrets that tokens are signed with: one that signs, and former ones that still verify."""

from dataclasses import dataclass, field
from hashlib import sha256

from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys by their id; the id is the beginning of a digest and says nothing of the key."""

    current: str
    by_id: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Keys":
        """The keys the settings name."""
        signing = settings.signing_key.get_secret_value()
        retired = settings.retired_signing_keys.get_secret_value().split()
        return cls(
            current=_key_id(signing), by_id={_key_id(key): key for key in (*retired, signing)}
        )

    @property
    def signing(self) -> str:
        """The key that signs new tokens."""
        return self.by_id[self.current]


def _key_id(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:8]
