"""Claim a submission, have it judged, store the result: once, whatever happens."""

import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from grading.core import lab_score
from grading.core.errors import UngradableError
from grading.core.score import as_json
from grading.grader import load_grader
from grading.lease import GAVE_UP, MOST_TRIES, LeaseLostError, claim, give_back, renewed
from grading.models import ScoreRecord, State, Submission
from labs.core.errors import SandboxUnavailableError
from labs.models import LabRun
from labs.runner import run_submission
from questions.core.version import rubric_from_content
from questions.models import RubricVersion

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Judged:
    """A result that is ready to be stored.

    Attributes:
        record: The score record, without its submission.
        lab_run: The run behind it, for labs.
    """

    record: ScoreRecord
    lab_run: LabRun | None = None


def grade(submission_id: uuid.UUID) -> bool:
    """Score one submission; says whether this call stored a result.

    Called twice, or for a submission that is done, it changes nothing.
    """
    token = claim(submission_id)
    if token is None:
        return False
    started = time.perf_counter()
    try:
        with renewed(submission_id, token):
            submission = Submission.objects.select_related(
                "item_version", "item_version__item__current_rubric"
            ).get(pk=submission_id)
            judged = _judge(submission)
            _store(submission, token, judged, started=started)
    except LeaseLostError:
        logger.warning("lease of %s lost; its result is dropped", submission_id)
        return False
    except UngradableError as error:
        _close(submission_id, token, State.UNGRADABLE, error.code, str(error))
    except SandboxUnavailableError as error:
        _close(submission_id, token, State.FAILED, error.code, str(error))
    except Exception:
        _release(submission_id, token)
        raise
    return True


def _judge(submission: Submission) -> Judged:
    if submission.item_version.is_lab:
        return _judge_lab(submission)
    rubric_version = submission.item_version.item.current_rubric
    if rubric_version is None:
        raise UngradableError("This item has no rubric to score by.")
    return _judge_text(submission, rubric_version)


def _judge_text(submission: Submission, rubric_version: RubricVersion) -> Judged:
    content = submission.item_version.content
    rubric = rubric_from_content(
        title=content["title"],
        asks=content["asks"],
        criteria=rubric_version.criteria,
    )
    grader = load_grader()
    score = as_json(grader.score(rubric, submission.answer))
    return Judged(
        record=_record(
            score,
            rubric_version=rubric_version,
            grader_version=grader.version,
            grader=dict(grader.identity),
        )
    )


def _judge_lab(submission: Submission) -> Judged:
    version = submission.item_version
    run, result = run_submission(
        lab=version.item.slug,
        files=version.content["lab_files"],
        code=submission.answer,
        fair_key=str(submission.candidate_id),
    )
    score = as_json(lab_score.score_of_run(result))
    return Judged(
        record=_record(
            score,
            rubric_version=None,
            grader_version=f"labs-{run.spec_hash[:12]}",
            grader={"spec": run.spec_hash, "runtime": result["runtime"]},
        ),
        lab_run=run,
    )


def _record(
    score: dict[str, Any],
    *,
    rubric_version: RubricVersion | None,
    grader_version: str,
    grader: dict[str, Any],
) -> ScoreRecord:
    return ScoreRecord(
        rubric_version=rubric_version,
        grader_version=grader_version,
        grader=grader,
        score=score["value"],
        band=score["band"],
        confidence=score["confidence"],
        needs_review=score["needs_review"],
        criteria=score["criteria"],
    )


def _store(
    submission: Submission, token: uuid.UUID, judged: Judged, *, started: float
) -> None:
    """Store result and state together, if the lease is still ours.

    Raises:
        LeaseLostError: It is not; nothing was stored.
    """
    judged_ms = round((time.perf_counter() - started) * 1000, 1)
    judged.record.timings = {"judge": judged_ms}
    judged.record.submission = submission
    with transaction.atomic():
        if judged.lab_run is not None:
            judged.lab_run.save(force_insert=True)
        ours = Submission.objects.filter(
            pk=submission.pk, state=State.RUNNING, lease_token=token
        ).update(
            state=State.DONE,
            lease_token=None,
            lease_expires_at=None,
            finished_at=timezone.now(),
            lab_run=judged.lab_run,
        )
        if not ours:
            raise LeaseLostError
        judged.record.save(force_insert=True)


def _close(
    submission_id: uuid.UUID, token: uuid.UUID, state: State, code: str, message: str
) -> None:
    """End a submission without a score, saying why."""
    Submission.objects.filter(
        pk=submission_id, state=State.RUNNING, lease_token=token
    ).update(
        state=state,
        lease_token=None,
        lease_expires_at=None,
        finished_at=timezone.now(),
        failure={"code": code, "message": message},
    )


def _release(submission_id: uuid.UUID, token: uuid.UUID) -> None:
    """After a fault of ours: back to the queue, or failed once tries are used up."""
    tries = Submission.objects.values_list("tries", flat=True).get(pk=submission_id)
    if tries >= MOST_TRIES:
        _close(submission_id, token, State.FAILED, "gave_up", GAVE_UP)
    else:
        give_back(submission_id, token)
