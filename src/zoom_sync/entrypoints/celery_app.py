"""The Celery application for Celery's own commands and Flower, with the broker of the settings.

    celery -A zoom_sync.entrypoints.celery_app inspect ping

Workers answer where ZOOM_SYNC_CELERY_CONTROL is on. They are started with `zoom-sync worker`, which checks what they
need. Importing this module raises ConfigurationError without REDIS_URL.
"""

from zoom_sync.entrypoints.tasks import configure
from zoom_sync.settings import load_settings

celery = configure(load_settings())
