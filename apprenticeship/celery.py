"""The Celery application: a nudge that may be lost, because the rows are the queue."""

import ctypes
import gc
import os
import signal
import sys
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init

from apprenticeship import folder_broker

SWEEP_SECONDS = 30
MINUTE = 60
HOUR = 3600
PR_SET_PDEATHSIG = 1  # prctl(2)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apprenticeship.settings")
folder_broker.register()

app = Celery("apprenticeship")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_lost_wait=1.0,  # seconds; results are rows, nothing else is waited for
    task_soft_time_limit=60,
    task_time_limit=90,
    task_publish_retry=False,  # the sweep retries, no request waits for it
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # a worker waits for its broker forever
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    beat_schedule={
        "sweep": {
            "task": "apprenticeship.records.tasks.sweep",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS},
        },
        "order-owed": {
            "task": "employers.tasks.order_owed",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS},
        },
        "draw-scans": {
            "task": "employers.tasks.draw_scans",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS},
        },
        "keep-question-pack": {"task": "employers.tasks.keep_question_pack", "schedule": 5 * MINUTE},
        "count-figures": {"task": "employers.tasks.count_figures", "schedule": 5 * MINUTE},
        "count-candidate-figures": {"task": "apprentices.tasks.count_figures", "schedule": 5 * MINUTE},
        "remind": {"task": "employers.tasks.remind", "schedule": HOUR},
        "return-cases-to-pool": {"task": "employers.tasks.return_cases_to_pool", "schedule": HOUR},
        "remove-left-overs": {"task": "apprenticeship.documents.tasks.remove_left_overs", "schedule": HOUR},
        "remove-replaced-logos": {"task": "employers.tasks.remove_replaced_logos", "schedule": HOUR},
        "erase-unconfirmed": {"task": "apprentices.tasks.erase_unconfirmed", "schedule": HOUR},
        "tell-partners": {"task": "apprentices.tasks.tell_partners", "schedule": HOUR},
        "keep-candidates": {"task": "apprentices.tasks.keep_candidates", "schedule": HOUR},
    },
)
app.autodiscover_tasks()


@app.on_after_configure.connect
def adapt_to_settings(sender: Celery, **kwargs: Any) -> None:
    """Add what depends on the settings: patience with the broker, and where beat remembers.

    Without `max_retries` a request waits for a frozen broker three times its socket timeout.
    """
    from django.conf import settings  # noqa: PLC0415

    sender.conf.broker_transport_options = {"max_retries": 0} | sender.conf.broker_transport_options
    sender.conf.worker_enable_remote_control = not sender.conf.broker_url.startswith("folder")
    sender.conf.beat_schedule_filename = str(settings.VAR_DIR / "beat-schedule")


@worker_init.connect
def load_the_engine(**kwargs: Any) -> None:
    """Load the PDF engine and its fonts once in the worker's parent, so that every child starts with them.

    All of it stays: nothing that is loaded by now is looked through for garbage again, in no child either.
    """
    from apprenticeship.documents import rendering  # noqa: PLC0415

    rendering.preload()
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """Let no child outlive a worker that was killed."""
    die_with_parent(signal.SIGKILL)


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask Linux to send this process signal `number` when its parent ends; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
