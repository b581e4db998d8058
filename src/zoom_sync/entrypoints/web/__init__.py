"""The pages: for staff after sign-in, for everybody the public programme; and what other programs ask, such as health.

Server-rendered; every view parses, calls a use case and renders. `app` makes the application, `doors` says who may
enter, `views/` has a file per subject.

Imports everything below it; fastapi with starlette, anyio and uvicorn, jinja2 with markupsafe, babel, structlog.
"""

from zoom_sync.entrypoints.web.app import make_app

__all__ = ["make_app"]
