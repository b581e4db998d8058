"""The token request, and who may call what with a token."""

import pytest


@pytest.mark.parametrize("in_query", [True, False])
def test_a_token_comes_for_the_account_in_form_or_query(limited, in_query):
    answer = limited.ask_token(in_query=in_query)

    body = answer.json()
    assert answer.status == 200
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3600
    assert body["api_url"] == "http://sim:1"
    assert "meeting:write:meeting:admin" in body["scope"].split()


@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ({"secret": "x"}, {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}),
        ({"account": "x"}, {"reason": "Bad Request", "error": "invalid_request"}),
        ({"grant": "client_credentials"}, {"reason": "unsupported grant type", "error": "unsupported_grant_type"}),
    ],
)
def test_a_wrong_token_request_is_refused_in_zooms_words(limited, wrong, body):
    answer = limited.ask_token(**wrong)

    assert (answer.status, answer.json()) == (400, body)


def test_no_answer_without_a_token(limited):
    limited.token = "made-up"

    answer = limited.send("GET", "/users")

    assert (answer.status, answer.json()) == (401, {"code": 124, "message": "Invalid access token."})


def test_a_token_in_the_query_is_refused(limited):
    assert limited.send("GET", "/users", access_token=limited.token).status == 401


def test_a_token_is_over_after_an_hour(limited):
    limited.advance(3599)
    assert limited.send("GET", "/users").status == 200

    limited.advance(1)
    answer = limited.send("GET", "/users")

    assert (answer.status, answer.json()["message"]) == (401, "Access token is expired.")


def test_an_older_token_stays_good(limited):
    old = limited.token
    limited.sign_in()
    limited.token = old

    assert limited.send("GET", "/users").status == 200


def test_with_single_token_a_new_one_ends_the_older(limited):
    limited.reset(single_token=True)
    old = limited.token
    limited.sign_in()
    limited.token = old

    assert limited.send("GET", "/users").status == 401


def test_a_missing_scope_is_named(limited):
    limited.reset(scopes=["user:read:list_users:admin"])

    answer = limited.send("GET", "/meetings/123")

    assert limited.send("GET", "/users").status == 200
    assert answer.json() == {
        "code": 4711,
        "message": "Invalid access token, does not contain scopes:[meeting:read:meeting, meeting:read:meeting:admin].",
    }


def test_a_classic_scope_will_do(limited):
    limited.reset(scopes=["user:read:admin"])

    assert limited.send("GET", "/users").status == 200


def test_a_reset_keeps_the_credentials_and_ends_the_tokens(limited):
    before = limited.env
    old = limited.token
    limited.control("POST", "reset", {"seed": 99})

    assert limited.env == before
    limited.token = old
    assert limited.send("GET", "/users").status == 401
