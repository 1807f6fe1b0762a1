"""Read settings from the environment and refuse a bad value by its name."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


def env_str(name: str, default: str = "") -> str:
    """Give the text of a variable, or the default when it is not set."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool) -> bool:
    """Give a yes-or-no variable.

    Raises:
        ImproperlyConfigured: The value is neither a yes nor a no.
    """
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no")


def env_int(name: str, default: int, *, least: int, most: int) -> int:
    """Give a whole number within bounds (both included).

    Raises:
        ImproperlyConfigured: Not a whole number, or out of bounds.
    """
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number") from None
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name}={value} is not in {least}..{most}")
    return value


def env_list(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Give a comma-separated variable as a list without empty parts."""
    raw = os.environ.get(name)
    if raw is None:
        return list(default)
    return [part.strip() for part in raw.split(",") if part.strip()]


def secret_key(data_dir: Path) -> str:
    """Give the signing key: ``SECRET_KEY``, else one kept in the data folder.

    The kept key is made on first use, readable by its owner only, so that a
    laptop needs no set-up. Several machines must share ``SECRET_KEY``.

    Raises:
        ImproperlyConfigured: The given key is too short to be a secret.
    """
    given = os.environ.get("SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters")
        return given
    path = data_dir / "secret_key"
    try:
        kept = path.read_text("ascii").strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    data_dir.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(64)
    # Write aside and link: two processes that start at once end up with one key.
    aside = path.with_name(f".secret_key.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    try:
        os.link(aside, path)
    except FileExistsError:
        made = path.read_text("ascii").strip()
    finally:
        aside.unlink()
    return made
