"""One reader per programme format: text in, a programme or all its problems out."""
