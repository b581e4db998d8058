"""zoom_sync: Zoom meetings for events, from the programme to the attendance report."""

__version__ = "0.1.0"


def version() -> str:
    """The version with what tells builds of it apart: `0.1.0+BUILD`, where the build says what it is."""
    from zoom_sync.building import build  # noqa: PLC0415 - it looks at files; `import zoom_sync` does not

    mark = build()
    return f"{__version__}+{mark}" if mark else __version__
