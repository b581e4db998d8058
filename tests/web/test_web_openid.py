"""Signing in through an identity provider: a real one on this machine, well behaved and not."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from support.provider import CLIENT_ID, CLIENT_SECRET, Provider, symmetric
from support.stage import EVENT
from zoom_sync.bootstrap import OPENID_BACK
from zoom_sync.domain.access import Role
from zoom_sync.entrypoints.web import make_app
from zoom_sync.errors import ConfigurationError

BASE = "https://zoom-sync.example"
VISIT, SESSION = "__Host-zoom_sync_visit", "__Host-zoom_sync_session"


@pytest.fixture
def provider():
    with Provider(BASE + OPENID_BACK) as provider:
        yield provider


@pytest.fixture
def app(make_stage, provider):
    stage = make_stage(
        ZOOM_SYNC_WEB_URL=BASE,
        ZOOM_SYNC_OIDC_ISSUER=provider.issuer,
        ZOOM_SYNC_OIDC_CLIENT_ID=CLIENT_ID,
        ZOOM_SYNC_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        ZOOM_SYNC_OIDC_ROLES="staff-group=staff, admins=organiser",
    )
    app = make_app(stage.parts)
    app.stage = stage
    return app


def leave(browser, way="/events"):
    """The browser is sent to the provider; answers the address."""
    answer = browser.get("/sign-in/openid", params={"next": way})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def at_provider(address):
    """What the provider sends the browser back with."""
    answer = requests.get(address, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def sign_in(browser, way="/events"):
    return browser.get(at_provider(leave(browser, way)))


def refused(answer, status=403):
    return (
        answer.status_code == status
        and "You could not be signed in" in answer.text
        and SESSION not in str(answer.headers)
    )


def test_who_the_provider_vouches_for_comes_in_with_his_role(browse, app):
    browser = browse()
    assert "Sign in with your organisation" in browser.get("/sign-in").text
    answer = sign_in(browser, f"/events/{EVENT}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/events/{EVENT}")
    assert re.search(
        r"jane \(OpenID [0-9a-f]{12}\) <small>staff</small>",
        browser.get("/events").text.replace("</bdi>", "").replace("<bdi>", ""),
    )
    assert browser.get(f"/events/{EVENT}/runs").status_code == 200
    assert browser.get(f"/events/{EVENT}/plan").status_code == 403
    assert app.stage.access.audit.entries(1)[0].who.startswith("jane (OpenID ")
    assert VISIT not in browser.cookies


@pytest.mark.parametrize(
    ("groups", "role"),
    [(["admins"], Role.ORGANISER), (["staff-group", "admins", "x"], Role.ORGANISER), ("staff-group", Role.STAFF)],
)
def test_the_highest_role_that_the_claim_gives_is_taken(browse, provider, groups, role):
    provider.claims["groups"] = groups
    browser = browse()
    sign_in(browser)
    assert browser.get(f"/events/{EVENT}/plan").status_code == (200 if role is Role.ORGANISER else 403)


@pytest.mark.parametrize("groups", [[], ["others"], None, "staff", 5, {"staff-group": 1}, [["staff-group"]]])
def test_without_a_role_nobody_comes_in(browse, provider, groups):
    provider.claims["groups"] = groups
    browser = browse()
    answer = sign_in(browser)
    assert refused(answer)
    assert "an organiser has to give you one" in answer.text
    assert browser.get("/events").status_code == 303


def test_the_request_carries_state_nonce_and_a_challenge_and_no_secret(browse):
    browser = browse()
    address = leave(browser)
    query = parse_qs(urlsplit(address).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert all(len(query[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert CLIENT_SECRET not in address
    assert browser.cookies[VISIT] not in address
    assert leave(browser) != address  # new ones each time


def test_an_answer_for_another_browser_is_refused(browse):
    """Forged sign-in: somebody gives us the address that his own sign-in came back with."""
    theirs = at_provider(leave(browse()))
    assert refused(browse().get(theirs))
    begun = browse()
    leave(begun)
    answer = begun.get(theirs)
    assert refused(answer)
    assert "was not begun in this browser" in answer.text  # known by the state, before the provider is asked


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?state=", "?error=access_denied&state=z"])
def test_an_answer_that_we_did_not_ask_for_is_refused(browse, query):
    browser = browse()
    leave(browser)
    assert refused(browser.get(OPENID_BACK + query))


def test_the_place_to_go_to_cannot_be_changed_on_the_way(browse):
    browser = browse()
    back = at_provider(leave(browser, "/events"))
    state = parse_qs(urlsplit(back).query)["state"][0]
    forged = state.rpartition(".")[0] + ".L2V2aWw="
    answer = browser.get(OPENID_BACK, params={"code": "x", "state": forged})
    assert refused(answer)
    assert "was not begun in this browser" in answer.text
    assert sign_in(browse(), "//evil.example").headers["location"] == "/today"


def test_a_code_is_good_once(browse):
    browser = browse()
    back = at_provider(leave(browser))
    cookies = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    again = browse()
    again.cookies.update(cookies)
    answer = again.get(back)
    assert refused(answer)
    assert "the identity provider refused: invalid_grant" in answer.text


def spoilt(**claims):
    return lambda told: told.update(claims)


@pytest.mark.parametrize(
    "spoil",
    [
        spoilt(nonce="another"),
        lambda told: told.pop("nonce"),
        spoilt(aud="another-client"),
        spoilt(aud=[CLIENT_ID, "another"], azp="another"),
        lambda told: told.pop("aud"),
        spoilt(iss="https://evil.example"),
        lambda told: told.pop("iss"),
        spoilt(exp=int(time.time()) - 3600),
        lambda told: told.pop("exp"),
        lambda told: told.pop("iat"),
        lambda told: told.pop("sub"),
        spoilt(nbf=int(time.time()) + 3600),
        spoilt(at_hash="of another token"),
        spoilt(exp="soon"),
    ],
)  # fmt: skip
def test_an_id_token_that_is_not_right_is_refused(browse, provider, spoil):
    provider.spoil = spoil
    browser = browse()
    answer = sign_in(browser)
    assert refused(answer)
    assert "ID token is not right" in answer.text
    assert browser.get("/events").status_code == 303


def test_a_token_that_is_not_signed_by_the_provider_is_refused(browse, provider):
    provider.signed_with = RSAKey.generate_key(2048, {"kid": "first"})
    assert refused(sign_in(browse()))


@pytest.mark.parametrize("key", [CLIENT_SECRET, "public"])
def test_a_token_that_is_signed_with_what_others_know_is_refused(browse, provider, key):
    """HS256 with the client's secret, or with the provider's public key as the secret."""
    told = provider.key.as_pem(private=False).decode() if key == "public" else key
    try:
        provider.signed_with = symmetric(told)
    except ValueError:
        provider.signed_with = symmetric(told.replace("-", "_"))
    provider.header = {"alg": "HS256"}
    assert refused(sign_in(browse()))


def test_a_token_without_a_signature_is_refused(browse, provider):
    provider.header = {"alg": "none"}
    assert refused(sign_in(browse()))


def test_an_answer_without_an_id_token_is_refused(browse, provider):
    provider.without_id_token = True
    assert refused(sign_in(browse()))


def test_a_provider_that_changes_its_keys_is_asked_for_them_again(browse, provider):
    assert sign_in(browse()).status_code == 303
    provider.new_key()
    assert sign_in(browse()).status_code == 303
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_a_provider_that_says_it_is_another_is_refused(browse, provider):
    provider.issuer_told = "https://evil.example"
    assert refused(browse().get("/sign-in/openid"), 503)


def test_a_provider_that_is_away_leaves_the_form(browse, make_stage):
    stage = make_stage(
        ZOOM_SYNC_OIDC_ISSUER="http://localhost:1", ZOOM_SYNC_OIDC_CLIENT_ID="x", ZOOM_SYNC_OIDC_ROLES="*=viewer"
    )
    browser = browse(app=make_app(stage.parts))
    answer = browser.get("/sign-in/openid")
    assert refused(answer, 503)
    assert 'name="password"' in answer.text
    assert browser.sign_in("Stefan", "read the reports").status_code == 303


def test_without_a_provider_there_is_no_such_way(browse, stage):
    browser = browse(app=make_app(stage.parts))
    assert "your organisation" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/openid").status_code == 404
    assert browser.get(OPENID_BACK).status_code == 404


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ISSUER": "https://id.example"}, "needs ZOOM_SYNC_OIDC_CLIENT_ID and ZOOM_SYNC_OIDC_ROLES"),
        ({"ISSUER": "http://id.example", "CLIENT_ID": "x", "ROLES": "*=viewer"}, "has to begin with https://"),
    ],
)
def test_a_provider_that_is_not_set_right_is_said(make_stage, settings, words):
    stage = make_stage(**{f"ZOOM_SYNC_OIDC_{name}": value for name, value in settings.items()})
    with pytest.raises(ConfigurationError) as caught:
        _ = stage.parts.openid
    assert words in str(caught.value.problems[0])
