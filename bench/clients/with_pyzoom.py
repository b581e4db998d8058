"""What somebody writes with pyzoom: create each meeting, then check each. Run by `bench/peers.py` in a venv of its own.

pyzoom knows tokens of a user only, and `me` as the host; here it is given the account's token and the host's name.
"""

import json
import os
import sys
import time

import requests
from pyzoom import ZoomClient, err

RETIRED = ("enforce_login", "enforce_login_domains")


def token():
    answer = requests.post(
        os.environ["ZOOM_OAUTH_URL"],
        data={"grant_type": "account_credentials", "account_id": os.environ["ZOOM_ACCOUNT_ID"]},
        auth=(os.environ["ZOOM_CLIENT_ID"], os.environ["ZOOM_CLIENT_SECRET"]),
        timeout=20,
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


def with_retired(answer):
    """pyzoom's model of a meeting cannot do without a setting that Zoom has retired."""
    told = answer.json()
    told["settings"].setdefault("enforce_login", False)
    answer.json = lambda: told
    return answer


def adapt(raw, host):
    """Name the host in place of `me`, leave out settings that Zoom has not (any more), wait out 429."""
    request = raw.make_request

    def make_request(endpoint, method, query=None, body=None, **kwargs):
        if body is not None:
            settings = {name: value for name, value in body["settings"].items() if value is not None}
            body = body | {"settings": {name: settings[name] for name in settings if name not in RETIRED}}
        while True:
            try:
                path = endpoint.replace("/users/me/", f"/users/{host[0]}/")
                return with_retired(request(path, method, query=query, body=body, **kwargs))
            except err.APIError as error:
                if "rate limit" not in str(error):
                    raise
                time.sleep(1)

    raw.make_request = make_request


def main():
    wanted = json.load(sys.stdin)
    client = ZoomClient(token(), "", os.environ["ZOOM_API_URL"])
    host = [""]
    adapt(client.raw, host)
    made = {}
    for meeting in wanted["meetings"]:
        host[0], body = meeting["host"], meeting["body"]
        answer = client.meetings.create_meeting(
            body["topic"], start_time=body["start_time"], duration_min=body["duration"], timezone=body["timezone"]
        )
        made[answer.id] = meeting
    seen = {number: client.meetings.get_meeting(number) for number in made}
    wrong = [number for number, meeting in made.items() if seen[number].topic != meeting["body"]["topic"]]
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
