"""A real Celery worker of CONCURRENCY children, whose leases last LEASE_SECONDS: for tests that kill it.

Run as `python -m tests.services.worker`; everything else comes from the environment, as at work.
"""

import datetime as dt
import os

import django

from apprenticeship.celery import app

if __name__ == "__main__":
    django.setup()
    from apprenticeship.records.models import queue

    queue.LEASE = dt.timedelta(seconds=float(os.environ["LEASE_SECONDS"]))
    concurrency = f"--concurrency={os.environ['CONCURRENCY']}"
    app.worker_main(["worker", concurrency, "--loglevel=info", "--without-gossip", "--without-mingle"])
