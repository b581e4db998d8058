"""What everybody may see of a public event, made once per change: `kept` keeps it, `editions` makes it of the store.

Imports the rooms below and `adapters.exports`; starlette.
"""
