"""Everything that must be in place before the site answers; quick when it is."""

import hashlib
import os
import secrets
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command


def make_folders() -> None:
    """Make the data folder's parts, readable by their owner only."""
    folders = (
        settings.DATA_DIR,
        settings.BROKER_DIR / "messages",
        settings.BROKER_DIR / "control",
        Path(settings.EMAIL_FILE_PATH),
    )
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def collect_static() -> bool:
    """Gather style and script files when they changed; says whether they had."""
    stamp = settings.STATIC_ROOT / ".collected"
    current = _static_fingerprint()
    if stamp.is_file() and stamp.read_text("ascii") == current:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(current, "ascii")
    return True


def _static_fingerprint() -> str:
    """Hash our own files and the versions of the packages that bring some."""
    digest = hashlib.sha256()
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    for package in sorted(f"{d.name}=={d.version}" for d in distributions()):
        digest.update(package.encode())
    return digest.hexdigest()


def first_account() -> tuple[str, str] | None:
    """Make a staff account when nobody has one: its address and password, once.

    ``ADMIN_EMAIL`` and ``ADMIN_PASSWORD`` set them; without a password one is
    made up, and shown this one time.
    """
    people = get_user_model().objects
    if people.exists():
        return None
    email = os.environ.get("ADMIN_EMAIL", "admin@localhost.local")
    password = os.environ.get("ADMIN_PASSWORD") or secrets.token_urlsafe(12)
    people.create_superuser(email, password)
    return email, password
