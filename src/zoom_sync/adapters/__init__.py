"""Floor 2: what touches the world: Zoom, the store, sources, exports, mail, who somebody is.

Imports `domain` and `errors`; the adapters know neither the use cases nor one another. `offered` is for all of them.
"""
