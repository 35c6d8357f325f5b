"""Tracking codes that survive a telephone, and the secrets behind owner links.

A tracking code is a city's prefix, six random Crockford characters and a check character: `PK-7F3K-92D`. It opens the
public view only; what the owner of a report may do needs the secret. Knows no database and no case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Characters people read or hear for another one.
CONFUSED = str.maketrans("OIL", "011")

_LENGTH = 7  # six random characters and the check character
_NEARLY = range(_LENGTH - 1, _LENGTH + 2)
_NOISE = re.compile(r"[\W_]+")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}

_signing_key = secrets.token_bytes(32)


def configure(secret_key: str) -> None:
    """Say from which secret of the installation owner keys are made; the same in every process."""
    global _signing_key  # noqa: PLW0603  # set once by the composition root
    _signing_key = hashlib.sha256(b"owner keys\0" + secret_key.encode()).digest()


def new_tracking_code(prefix: str) -> str:
    """A random code under a city's prefix."""
    return valid_code(prefix, "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1)))


def valid_code(prefix: str, six: str) -> str:
    """The code of six characters: the check character is added."""
    return _written(prefix, six + _check_character(six))


def normalise(text: str, prefix: str | None = None) -> str | None:
    """The code somebody meant (case, spaces, dashes and O, I, L do not matter), or None if it cannot be one.

    With `prefix`, a code typed without it is understood and one of another city is not.
    """
    head, body = _split(text, prefix)
    return _written(head, body) if head and _is_valid(body) else None


def near(text: str, prefix: str | None = None) -> list[str]:
    """Every valid code one typo away: a wrong, missing or surplus character, or two neighbours swapped."""
    found: set[str] = set()
    for head, body in {_split(text, prefix), _split(text, prefix, is_whole=True)}:
        if head and len(body) in _NEARLY:
            bodies = (candidate for candidate in _one_typo_away(body) if candidate != body)
            found.update(_written(head, candidate) for candidate in bodies if _is_valid(candidate))
    return sorted(found)


def new_secret() -> str:
    """A random secret for a link."""
    return secrets.token_urlsafe(24)


def owner_key(tracking_code: str) -> str:
    """The secret of a case's owner link: always the same for a code, so that every letter can carry the link."""
    digest = hmac.digest(_signing_key, tracking_code.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def signature(purpose: str, of: str) -> str:
    """What shows that an address was made here and for this."""
    return hmac.digest(_signing_key, f"{purpose} {of}".encode(), "sha256").hex()[:32]


def is_signature(written: str, purpose: str, of: str) -> bool:
    """Whether this is that signature; takes equally long either way."""
    return hmac.compare_digest(written.encode("utf-8", "surrogatepass"), signature(purpose, of).encode())


def opaque(tracking_code: str) -> str:
    """A name for a case that leads nowhere: always the same, and nobody without the key finds the code behind it."""
    return "x-" + hmac.digest(_signing_key, b"opaque " + tracking_code.encode(), "sha256").hex()[:16]


def is_owner_key(secret: str, tracking_code: str) -> bool:
    """Whether this is the key of a case's owner link as it is made today."""
    return hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), owner_key(tracking_code).encode())


def secret_hash(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def matches(secret: str, kept_hash: str) -> bool:
    """Whether this is the secret that was kept as a hash; takes equally long either way."""
    return hmac.compare_digest(secret_hash(secret), kept_hash)


def _written(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}"


def _split(text: str, prefix: str | None, *, is_whole: bool = False) -> tuple[str, str]:
    """The prefix and the characters after it, the latter as Crockford means them.

    A code may itself begin like the prefix it was typed without: `is_whole` takes all of it as the code.
    """
    squeezed = _NOISE.sub("", text[:64]).upper()
    if prefix is None:
        return squeezed[:-_LENGTH], squeezed[-_LENGTH:].translate(CONFUSED)
    meant = squeezed.translate(CONFUSED)
    is_prefixed = meant.startswith(prefix.translate(CONFUSED)) and len(meant) - len(prefix) in _NEARLY
    return prefix, meant[len(prefix) :] if is_prefixed and not is_whole else meant


def _one_typo_away(body: str) -> set[str]:
    cuts = [(body[:at], body[at:]) for at in range(len(body) + 1)]
    wrong = {left + character + right[1:] for left, right in cuts if right for character in ALPHABET}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    missing = {left + character + right for left, right in cuts for character in ALPHABET}
    surplus = {left + right[1:] for left, right in cuts if right}
    return wrong | swapped | missing | surplus


def _is_valid(body: str) -> bool:
    if len(body) != _LENGTH or any(character not in _VALUES for character in body):
        return False
    return _check_character(body[:-1]) == body[-1]


def _check_character(body: str) -> str:
    """A weighted sum in the field of 32 elements: catches every single wrong character and every swap of two."""
    total = 0
    for character in body:
        total = _doubled(total ^ _VALUES[character])
    return ALPHABET[total]


def _doubled(value: int) -> int:
    """Times x in GF(32), modulo x^5 + x^2 + 1."""
    return value << 1 if value < 16 else (value << 1) ^ 0b100101
