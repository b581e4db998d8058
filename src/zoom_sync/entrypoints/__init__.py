"""Floor 4: the ways in: command line, tasks, schedule, web. Thin: parse, call a use case, show the answer."""
