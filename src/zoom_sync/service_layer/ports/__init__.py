"""What the use cases need from the world, as interfaces. The adapters fit them; mypy proves it in `bootstrap`.

Each module is a subject, not an adapter. Reading and writing Zoom are two interfaces: what is only given a reader
cannot write. Imports `domain`.
"""
