"""What somebody writes with zoomus: create each meeting, then check each. Run by `bench/peers.py` in a venv of its own.

zoomus repeats `id` and `user_id` in the body or the query, where Zoom does not look. The simulator refuses fields that
Zoom has not; so its requests are made here with the call below `meeting.create`, `get` and `list`.
"""

import json
import os
import sys
import time

from zoomus import ZoomClient

PAGE_SIZE = 300


def ask(call, **arguments):
    """zoomus leaves 429 to its users: wait for the next second, and ask again."""
    while True:
        answer = call(**arguments)
        if answer.status_code != 429:
            answer.raise_for_status()
            return answer.json()
        time.sleep(1)


def listed(client, host):
    token = ""
    while True:
        query = {"page_size": PAGE_SIZE} | ({"next_page_token": token} if token else {})
        page = ask(client.meeting.get_request, endpoint=f"/users/{host}/meetings", params=query)
        yield from page["meetings"]
        token = page.get("next_page_token")
        if not token:
            return


def main():
    wanted = json.load(sys.stdin)
    client = ZoomClient(
        os.environ["ZOOM_CLIENT_ID"], os.environ["ZOOM_CLIENT_SECRET"], os.environ["ZOOM_ACCOUNT_ID"],
        base_uri=os.environ["ZOOM_API_URL"], oauth_uri=os.environ["ZOOM_OAUTH_URL"],
    )  # fmt: skip
    made = {}
    for meeting in wanted["meetings"]:
        path = f"/users/{meeting['host']}/meetings"
        answer = ask(client.meeting.post_request, endpoint=path, data=meeting["body"])
        made[answer["id"]] = meeting
    if wanted["check"] == "list each host":
        seen = {row["id"]: row for host in wanted["hosts"] for row in listed(client, host)}
    else:
        seen = {number: ask(client.meeting.get_request, endpoint=f"/meetings/{number}") for number in made}
    wrong = [number for number, meeting in made.items() if seen[number]["topic"] != meeting["body"]["topic"]]
    sys.exit(1 if wrong or len(seen) != len(made) else 0)


if __name__ == "__main__":
    main()
