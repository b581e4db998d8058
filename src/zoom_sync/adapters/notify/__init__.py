"""Ways to tell people: by mail, by services that Apprise knows, and by a signed webhook of our own.

Each fits `service_layer.ports.Channel`.

Imports `domain` and `errors`; requests with urllib3, and Apprise.
"""
