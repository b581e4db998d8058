"""One writer per report or publication format."""
