"""The Celery app: queues `grading` and `labs`, and what a worker warms up."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")

TRANSPORT_ALIASES["filesystem"] = "quizsite.folder_broker:Transport"
app = Celery("quizsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
@worker_ready.connect
def warm_up(**kwargs: Any) -> None:
    """Load what the worker's queues need, so that the first answer waits no longer.

    A prefork worker's parent scores nothing, so only its children load.
    """
    sender = kwargs.get("sender")
    pool = getattr(sender, "pool", None)
    if pool is not None and type(pool).__module__.endswith("prefork"):
        return
    queues = set(app.amqp.queues.consume_from)
    if "grading" in queues:
        from grading.grader import load_grader

        load_grader()
    if "labs" in queues:
        from labs.runner import warm_up as warm_up_labs

        warm_up_labs()
