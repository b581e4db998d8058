"""Rate limits by label and plan, and the daily hundred of a host."""

import pytest


def _count_until_refused(driver, path, most=200):
    for number in range(most):
        answer = driver.send("GET", path)
        if answer.status == 429:
            return number, answer
        assert answer.status in (200, 404)
    raise AssertionError("never refused")


@pytest.mark.parametrize(
    ("plan", "light", "medium", "heavy"), [("free", 4, 2, 1), ("pro", 30, 20, 10), ("business", 80, 60, 40)]
)
def test_each_plan_lets_in_so_many_requests_a_second(make_zoom, plan, light, medium, heavy):
    driver = make_zoom(plan=plan)
    if plan == "free":
        heavy_path = "/report/users/host1@example.org/meetings"
        assert [driver.send("GET", heavy_path).status for _ in range(2)] == [400, 429]
    else:
        assert _count_until_refused(driver, "/report/meetings/1")[0] == heavy

    assert _count_until_refused(driver, "/meetings/1")[0] == light
    assert _count_until_refused(driver, "/users")[0] == medium


def test_a_refusal_for_the_second_says_so(limited):
    answer = _count_until_refused(limited, "/users")[1]

    assert answer.json() == {
        "code": 429,
        "message": "You have reached the maximum per-second rate limit for this API. Try again later.",
    }
    assert answer.headers["X-RateLimit-Type"] == "QPS"
    assert answer.headers["X-RateLimit-Category"] == "Medium"
    assert "Retry-After" not in answer.headers


def test_the_second_slides(limited):
    for _ in range(10):
        limited.send("GET", "/users")
    limited.advance(0.6)
    for _ in range(10):
        assert limited.send("GET", "/users").status == 200

    limited.advance(0.39)
    assert limited.send("GET", "/users").status == 429
    limited.advance(0.01)
    assert _count_until_refused(limited, "/users")[0] == 10


def test_refused_requests_do_not_count(limited):
    _count_until_refused(limited, "/users")
    for _ in range(50):
        limited.send("GET", "/users")
    limited.advance(1)

    assert _count_until_refused(limited, "/users")[0] == 20


def test_the_day_of_a_free_account_ends_and_begins_at_midnight_utc(make_zoom):
    driver = make_zoom(plan="free")
    for _ in range(1000):
        driver.send("GET", "/users/x/meetings")
        driver.send("GET", "/users/x/meetings")
        driver.advance(1)

    answer = driver.send("GET", "/users")

    assert (answer.status, answer.headers["X-RateLimit-Type"]) == (429, "Daily-limit")
    assert answer.headers["Retry-After"] == "2023-11-02T00:00:00Z"
    assert answer.json()["message"].startswith("You have reached the maximum daily rate limit for this API.")
    driver.set_clock("2023-11-02T00:00:00Z")
    assert driver.send("GET", "/users").status == 200


def test_a_clock_set_back_begins_the_windows_anew(limited):
    _count_until_refused(limited, "/users")

    limited.set_clock("2023-10-31T00:00:00Z")

    assert limited.send("GET", "/users").status == 200


def _write(driver, times, host=1):
    """The statuses of creates, slow enough for the limit of the second."""
    statuses = []
    for _ in range(times):
        driver.advance(0.1)
        sent = {"topic": "x", "settings": {"use_pmi": False}}
        statuses.append(driver.send("POST", f"/users/{driver.host(host)}/meetings", sent).status)
    return statuses


def test_a_host_has_a_hundred_creates_and_updates_a_day(limited):
    made = limited.create()
    for _ in range(49):
        limited.advance(0.1)
        assert limited.send("PATCH", f"/meetings/{made['id']}", {"topic": "y"}).status == 204

    assert _write(limited, 51) == [201] * 50 + [429]
    assert _write(limited, 1, host=2) == [201]
    answer = limited.send("PATCH", f"/meetings/{made['id']}", {"topic": "z"})
    assert answer.json()["message"] == (
        "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this"
        " particular user. You may resume these requests at GMT 00:00:00."
    )
    assert not {"Retry-After", "X-RateLimit-Type"} & set(answer.headers)
    assert limited.get(f"/meetings/{made['id']}")["topic"] == "y"
    assert limited.send("DELETE", f"/meetings/{made['id']}").status == 204
    limited.set_clock("2023-11-02T00:00:00Z")
    assert _write(limited, 1) == [201]


def test_a_write_tells_what_is_left_of_the_hundred(limited):
    limited.create()
    answer = limited.send("POST", f"/users/{limited.host()}/meetings", {"topic": "x"})

    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("100", "98")


def test_another_app_takes_its_share(limited):
    limited.fault(kind="other_app", label="MEDIUM", per_second=15)
    assert _count_until_refused(limited, "/users")[0] == 5

    limited.control("DELETE", "faults")
    assert _count_until_refused(limited, "/users")[0] == 15


def test_limits_can_be_switched_off(limited):
    limited.reset(limits="off")

    assert {limited.send("GET", "/users").status for _ in range(100)} == {200}


def test_hands_spend_no_budget(limited):
    for _ in range(120):
        assert limited.control("POST", "meetings", {"host": limited.host(), "topic": "x"}).status == 200

    assert _write(limited, 1) == [201]
