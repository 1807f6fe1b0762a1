"""Run code on a lab's visible examples, without counting it as a submission."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from grading.core.answers import MOST_CODE_CHARACTERS, fault_of
from grading.submit import SubmissionRefusedError
from labs.runner import run_visible
from questions.models import Item


def try_code(*, candidate: AbstractBaseUser, item: Item, code: str) -> dict[str, Any]:
    """Give a verdict for each visible example.

    Raises:
        SubmissionRefusedError: The item is no lab, or the code cannot be run.
        SandboxUnavailableError: This machine cannot isolate the run.
    """
    version = item.current
    if version is None or not version.is_lab:
        raise SubmissionRefusedError(
            field="item",
            code="item_not_lab",
            message=f"The item {item.slug!r} has no code to run.",
        )
    code = code.replace("\r\n", "\n")
    fault = fault_of(code, most=MOST_CODE_CHARACTERS)
    if fault is not None:
        raise SubmissionRefusedError(
            field="code", code=fault.code, message=fault.message
        )
    return run_visible(
        lab=item.slug,
        files=version.content["lab_files"],
        code=code,
        fair_key=str(candidate.pk),
    )
