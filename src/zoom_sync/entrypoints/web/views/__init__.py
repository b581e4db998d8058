"""The views, a file per subject. Each parses, calls a use case and renders; each route says who may enter.

Imports the room above and what is below it; fastapi with starlette and anyio, markupsafe.
"""
