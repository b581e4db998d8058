"""Floor 2: the use cases, as functions over ports. Imports `domain` and `errors`, and structlog
for what a log line is about; knows no adapter."""
