"""What the letters of the fictional wholesaler say of it: right keys, numbers of nobody."""

LETTERHEAD = """
[notices]
days = 8
phone = "01 99 00 12 34"
email = "credit@tilleuls.example"

[company]
name = "Comptoir des Tilleuls"
form = "SAS"
capital = { amount = 240000, currency = "EUR" }
siren = "009 999 715"
register = "RCS Saint-Fictif"
address = ["18 allée des Tilleuls", "59999 Saint-Fictif"]
vat = "FR64 009 999 715"
iban = "FR76 0000 0000 0000 0001 2345 675"
bic = "TILEFRP0"
"""
"""The end of a policy: a SIREN that begins with 00, an account of no bank, a BIC for tests."""
FROM = "[notices]"
"""Where in the packaged policy the wholesaler's own words begin."""
