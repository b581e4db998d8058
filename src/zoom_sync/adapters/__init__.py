"""Floor 2: what touches the world: Zoom, the store, sources, exports. Imports `domain` and `errors`; knows no use case."""
