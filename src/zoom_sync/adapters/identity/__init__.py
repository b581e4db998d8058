"""Who somebody is: passwords of local accounts, and an OpenID provider that vouches for people.

Imports `domain` and `errors`; argon2, zxcvbn, authlib with joserfc and requests.
"""
