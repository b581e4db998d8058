"""Floor 2: the use cases, as functions over ports. Imports `domain` and `errors`; knows no adapter."""
