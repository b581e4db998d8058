"""zoom_sync: Zoom meetings for events, from the programme to the attendance report."""

__version__ = "0.1.0"
