"""Ways to tell people: by mail, and by a signed webhook of our own. Each fits `service_layer.ports.Channel`.

Imports `domain` and `errors`; requests with urllib3.
"""
