"""How English writes a year beside other words of time: `2008`, `'08`, `last year`, `FY 2008-09`."""

from __future__ import annotations

GAP = r"(?:[^\S\n\t]{1,3}|\n(?!\n))"
DASH = r"[-‐‑–—]"
YEAR = r"[12]\d{3}(?![\w%])"
# A year of three digits needs a sign that the number ends the matter.
OLD_YEAR = r"[1-9]\d{2}(?=\s?[).;–]|$)"
WHICH_YEAR = rf"(?i:(?:this|last|next|that|the{GAP}(?:same|following|previous|next)){GAP}year)"
# In "the '39 steps'" the mark opens a title.
TWO_DIGITS = r"\d{2}(?![\w%'’]|[^'’\n]{0,30}['’](?!\w))"
SHORT_YEAR = rf"['’‘]{TWO_DIGITS}"
OF_YEAR = rf"(?:{GAP}(?:of{GAP})?|,{GAP}(?=['’‘]))(?P<of>{WHICH_YEAR}\b|{SHORT_YEAR})"
SOME_YEAR = rf"(?P<of>(?i:this|last|next|the){GAP}(?i:year)|{YEAR}|{SHORT_YEAR})"
# Two years in a row, as a fiscal year that begins in one and ends in the next is called.
IN_A_ROW = "|".join(rf"{first:02}[-‐‑–/](?:[12]\d)?{(first + 1) % 100:02}" for first in range(100))
# "7b-FY09-Plan" is the name of something.
FISCAL_YEAR = (
    rf"(?:(?i:fiscal(?:{GAP}year)?|financial{GAP}year){GAP}(?=\d{{4}}|['’‘])|FY[^\S\n]?)"
    rf"['’‘]?(?:(?P<years>(?:[12]\d)?(?:{IN_A_ROW}))|(?P<year>[12]\d{{3}})|(?P<short>\d{{2}}))"
    r"(?![\w%]|[.,]\d|-(?!FY)[A-Za-z])"
)
