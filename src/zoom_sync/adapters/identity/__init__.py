"""Who somebody is: passwords of local accounts, and an OpenID provider that vouches for people."""
