"""Dates in the text are found where they stand, and mean no more than was said."""

import random
import re
import sqlite3
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.enrich.time_expressions import find_dates
from ingest.model import Article, Facts, Mention, Published, TimeExpression

PRECISIONS = {4: "year", 7: "month", 10: "day"}
WEDNESDAY = "2010-11-24"
ORDER = (
    "century",
    "decade",
    "year",
    "half",
    "season",
    "quarter",
    "month",
    "week",
    "day",
    "daypart",
    "hour",
    "minute",
)

# An article's text and date, and the expressions with their values, in order.
STATED = [
    ("It began on 24 February 2022.", "24 February 2022=2022-02-24"),
    ("It began on February 24, 2022, they say.", "February 24, 2022=2022-02-24"),
    ("It began on the 24th of February, 2022.", "24th of February, 2022=2022-02-24"),
    ("It began on Thursday, 24 February 2022.", "Thursday, 24 February 2022=2022-02-24"),
    ("It began on Thu., Feb. 24, 2022.", "Thu., Feb. 24, 2022=2022-02-24"),
    ("FEBRUARY 24, 2022 was a Thursday.", "FEBRUARY 24, 2022=2022-02-24"),
    ("The file is dated 2022-02-24.", "2022-02-24=2022-02-24"),
    ("Logged 2022-02-24T06:15Z at base.", "2022-02-24T06:15Z=2022-02-24T06:15Z"),
    ("Synced on 2022/02/24 at base.", "2022/02/24=2022-02-24"),
    ("In Acta 2012 Mar 5;39(2):1-8 and Acta 2013 Jun;40(1).", "2012 Mar 5=2012-03-05; 2013 Jun=2013-06"),
    ("See Jones (2014, February 24).", "2014, February 24=2014-02-24"),
    ("Signed 24/02/2022 in ink.", "24/02/2022=2022-02-24"),
    ("Signed 02/24/2022 in ink.", "02/24/2022=2022-02-24"),
    ("Signed 04/04/2022 in ink.", "04/04/2022=2022-04-04"),
    ("Signed 24/02/2022, sealed 03/04/2022.", "24/02/2022=2022-02-24; 03/04/2022=2022-04-03"),
    ("Signed 02/24/2022, sealed 03/04/2022.", "02/24/2022=2022-02-24; 03/04/2022=2022-03-04"),
    ("Signed 24.02.2022 in ink.", "24.02.2022=2022-02-24"),
    ("Signed 24/2/09 in ink.", "24/2/09=2009-02-24"),
    ("It opened in March 2022.", "March 2022=2022-03"),
    ("It opened in March, 2022.", "March, 2022=2022-03"),
    ("It opened in Sept. 2021.", "Sept. 2021=2021-09"),
    ("Issue 1966-01 of the review.", "1966-01=1966-01"),
    ("He was born in 1969.", "1969=1969"),
    ("He was born in 1066, they say.", "1066=1066"),
    ("The 2008 election was close.", "2008=2008"),
    ("Pre-1989 maps differ; mid-1990 ones too.", "1989=1989; mid-1990=1990"),
    ("She wrote two books (1969, 1974).", "1969=1969; 1974=1974"),
    ("By the end of 2009 it was done.", "the end of 2009=2009"),
    ("In late 1969 it rained.", "late 1969=1969"),
    ("In the 1960s it was new.", "the 1960s=196"),
    ("The late 1960s were loud.", "The late 1960s=196"),
    ("The mid-1980s were quiet.", "The mid-1980s=198"),
    ("In the '60s it was new.", "60s=196"),
    ("In the sixties it was new.", "the sixties=196"),
    ("In the 1800s they rode.", "the 1800s=18"),
    ("In the 2000s they flew.", "the 2000s=200"),
    ("A 19th-century mill.", "19th-century=18"),
    ("The twentieth century was short.", "The twentieth century=19"),
    ("The 17th and 18th centuries were long.", "The 17th=16; 18th centuries=17"),
    ("In the 5th century BC they wrote.", "the 5th century BC=BC04"),
    ("Caesar died in 44 BC and Augustus in AD 14.", "44 BC=BC0044; AD 14=0014"),
    ("The saint died on 30 September 420.", "30 September 420=0420-09-30"),
    ("It fell in spring 1969.", "spring 1969=1969-SP"),
    ("It fell in the winter of 1969-70.", "the winter of 1969-70=1969-WI"),
    ("Profits for fiscal 2003 rose.", "fiscal 2003=FY2003"),
    ("In the third quarter of 2008 they fell.", "the third quarter of 2008=2008-Q3"),
    ("In Q4 2008 they fell.", "Q4 2008=2008-Q4"),
    ("In the final quarter of 2008 they fell.", "the final quarter of 2008=2008-Q4"),
    ("In the first half of 2008 they fell.", "the first half of 2008=2008-H1"),
    # Of two digits, the year is one that the article may speak of.
    ("In Q4 ’08 they fell, in Q1 '12 they will rise.", "Q4 ’08=2008-Q4; Q1 '12=2012-Q1"),
    ("In the third quarter of ’08 they fell.", "the third quarter of ’08=2008-Q3"),
    ("Grants for FY09, FY 10 and FY’24 rose.", "FY09=FY2009; FY 10=FY2010; FY’24=FY2024"),
    ("Grants for fiscal year ’98 fell.", "fiscal year ’98=FY1998"),
    ("Grants for FY 2008-FY 2010 rose.", "FY 2008=FY2008; FY 2010=FY2010"),
    # A fiscal year that begins in one year is called after the one in which it ends too.
    (
        "Grants for FY 2008–09, FY99-00 and FY 2008/09 rose.",
        "FY 2008–09=FY2009; FY99-00=FY2000; FY 2008/09=FY2009",
    ),
    ("Grants for financial year 1999-2000 fell.", "financial year 1999-2000=FY2000"),
    ("Grants for FY 2006-2009 fell.", "FY 2006=FY2006"),
    # A quarter of a fiscal year is none of the calendar's.
    ("It closes in Q2 of FY20 or FY21 Q1.", "Q2 of FY20=FY2020; FY21 Q1=FY2021"),
    ("In the second quarter of fiscal 2003 they fell.", "second quarter of fiscal 2003=FY2003"),
    ("In the 2nd quarter of FY2003 they fell.", "2nd quarter of FY2003=FY2003"),
    ("Since 2008—more or less—and until 2009–so they say.", "2008=2008; 2009=2009"),
    # A week belongs to the month that has its Thursday.
    ("It rained in the last week of March 2009.", "the last week of March 2009=2009-W13"),
    ("It rained in the first week of March 2009.", "the first week of March 2009=2009-W10"),
    ("On New Year's Eve 1999 all was well.", "New Year's Eve 1999=1999-12-31"),
]
RANGES = [
    ("He reigned 1969-72.", "1969=1969; 72=1972"),
    ("He reigned from 1969 to 1972.", "1969=1969; 1972=1972"),
    ("The season of 1999–02 was long.", "1999=1999; 02=2002"),
    ("From 3 to 5 May 1969 it rained.", "3=1969-05-03; 5 May 1969=1969-05-05"),
    ("May 3-5, 1969, was wet.", "May 3=1969-05-03; 5, 1969=1969-05-05"),
    ("It ran from March to August 2011.", "March=2011-03; August 2011=2011-08"),
    ("It ran from December to March 2011.", "December=2010-12; March 2011=2011-03"),
    ("Between 3 June and 5 July 2009 it closed.", "3 June=2009-06-03; 5 July 2009=2009-07-05"),
    ("The 1970s and 80s were loud.", "The 1970s=197; 80s=198"),
    (
        "He served from '39 to ’45, or '38-'46, or 1939-'45.",
        "39=1939; 45=1945; 38=1938; 46=1946; 1939=1939; 45=1945",
    ),
    ("The class of '68 met; the '08 crash hurt.", "68=1968; 08=2008"),
    ("He landed in June '44, on June 6, ’44.", "June '44=1944-06; June 6, ’44=1944-06-06"),
    ("In the 70s and '80s it was loud.", "the 70s=197; 80s=198"),
    # It may be August, or the season of two years.
    ("The 2007-08 table shows it.", "2007-08=2007"),
]
FROM_THE_ARTICLE = [
    ("He said Monday that it was over.", WEDNESDAY, "Monday=2010-11-22"),
    ("They will meet on Monday.", WEDNESDAY, "Monday=2010-11-29"),
    ("They will meet Sen. Mary Jones on Monday.", WEDNESDAY, "Monday=2010-11-29"),
    ("They will meet with Dr. J. Smith on Monday.", WEDNESDAY, "Monday=2010-11-29"),
    ("They closed at 7 p.m. The mayor spoke Monday.", WEDNESDAY, "Monday=2010-11-22"),
    ("They can still veto the bill by Monday.", WEDNESDAY, "Monday=2010-11-29"),
    ("They meet on Monday week.", WEDNESDAY, ""),
    (
        "They are to appear at 10 a.m. Eastern on Monday.",
        WEDNESDAY,
        "10 a.m. Eastern on Monday=2010-11-29T10",
    ),
    ("The talk begins at 3 p.m. GMT on Monday.", WEDNESDAY, "3 p.m. GMT on Monday=2010-11-29T15Z"),
    ("They met on Wednesday.", WEDNESDAY, "Wednesday=2010-11-24"),
    ("On Friday he will speak.", WEDNESDAY, "Friday=2010-11-26"),
    ("Officials said the vote is scheduled for Friday.", WEDNESDAY, "Friday=2010-11-26"),
    (
        "Voters turned down the bridge planned by a builder, by six to four on Friday.",
        WEDNESDAY,
        "Friday=2010-11-19",
    ),
    ("The board threw out the planned bridge on Friday.", WEDNESDAY, "Friday=2010-11-19"),
    ("The board threw out the tower planned for the old quay on Friday.", WEDNESDAY, "Friday=2010-11-19"),
    ("The board banned a march planned for Friday.", WEDNESDAY, "Friday=2010-11-26"),
    ("The board banned a march planned by the unions for Friday.", WEDNESDAY, "Friday=2010-11-26"),
    ("Police said the planned march on Friday would go ahead.", WEDNESDAY, "Friday=2010-11-26"),
    ("A strike is planned by the crews of both ferries on Friday.", WEDNESDAY, "Friday=2010-11-26"),
    ("He is accused of shooting a guard on Friday.", WEDNESDAY, "Friday=2010-11-19"),
    ("On Monday anybody could see it.", WEDNESDAY, "Monday=2010-11-22"),
    ("It happened last Friday.", WEDNESDAY, "last Friday=2010-11-19"),
    ("It happens next Friday.", WEDNESDAY, "next Friday=2010-11-26"),
    ("It rained on Monday night.", WEDNESDAY, "Monday night=2010-11-22TNI"),
    ("He came yesterday and leaves tomorrow.", WEDNESDAY, "yesterday=2010-11-23; tomorrow=2010-11-25"),
    ("He came the day before yesterday.", WEDNESDAY, "the day before yesterday=2010-11-22"),
    ("The bill was signed today.", WEDNESDAY, "today=2010-11-24"),
    ("The shop opens tomorrow morning.", WEDNESDAY, "tomorrow morning=2010-11-25TMO"),
    ("The shop opens tomorrow at 10 a.m.", WEDNESDAY, "tomorrow at 10 a.m.=2010-11-25T10"),
    ("The vote is at 5 p.m. today.", WEDNESDAY, "5 p.m. today=2010-11-24T17"),
    ("Today, we open our doors.", WEDNESDAY, "Today=2010-11-24"),
    ("The firm today announces a merger.", WEDNESDAY, "today=2010-11-24"),
    ("Today's Senate vote is close. So is today’s ruling.", WEDNESDAY, "Today=2010-11-24; today=2010-11-24"),
    (
        "Tomorrow, the council votes. It was told in this September 2009 memo.",
        WEDNESDAY,
        "Tomorrow=2010-11-25; September 2009=2009-09",
    ),
    # Where yesterday is told of, today is as much of a day.
    ("It snows today. It rained yesterday.", WEDNESDAY, "today=2010-11-24; yesterday=2010-11-23"),
    ("He speaks tonight.", WEDNESDAY, "tonight=2010-11-24TNI"),
    ("He spoke last night.", WEDNESDAY, "last night=2010-11-23TNI"),
    ("He spoke this morning.", WEDNESDAY, "this morning=2010-11-24TMO"),
    ("It was built last month.", WEDNESDAY, "last month=2010-10"),
    ("It opens early next week.", WEDNESDAY, "early next week=2010-W48"),
    ("It opens later this year.", WEDNESDAY, "later this year=2010"),
    ("It opened last weekend.", WEDNESDAY, "last weekend=2010-W46-WE"),
    ("It opened over the weekend.", WEDNESDAY, "the weekend=2010-W46-WE"),
    ("It will open this weekend.", WEDNESDAY, "this weekend=2010-W47-WE"),
    ("At the end of last year it shut.", WEDNESDAY, "the end of last year=2009"),
    ("It was opened by the start of this month.", WEDNESDAY, "the start of this month=2010-11"),
    ("Last year's crop failed.", WEDNESDAY, "Last year=2009"),
    ("Last summer was dry.", WEDNESDAY, "Last summer=2010-SU"),
    ("This winter will be cold.", "2011-01-10", "This winter=2010-WI"),
    ("It was the deadliest this century.", WEDNESDAY, "this century=20"),
    ("Three years ago he left.", WEDNESDAY, "Three years ago=2007"),
    ("Two weeks ago he left.", WEDNESDAY, "Two weeks ago=2010-W45"),
    ("Ten days ago he left.", WEDNESDAY, "Ten days ago=2010-11-14"),
    ("Twenty-five years ago he left.", WEDNESDAY, "Twenty-five years ago=1985"),
    ("A decade ago he left.", WEDNESDAY, "A decade ago=200"),
    ("Ten days from now he returns.", WEDNESDAY, "Ten days from now=2010-12-04"),
    ("It was shut in October.", WEDNESDAY, "October=2010-10"),
    ("It was shut in December.", WEDNESDAY, "December=2009-12"),
    ("It will shut in December.", WEDNESDAY, "December=2010-12"),
    ("It will open in January.", WEDNESDAY, "January=2011-01"),
    ("It was shut on January 5.", WEDNESDAY, "January 5=2010-01-05"),
    ("The plan for 5 January.", WEDNESDAY, "5 January=2011-01-05"),
    ("In May and June it was shut.", WEDNESDAY, "May=2010-05; June=2010-06"),
    ("Will the bank open in March?", "2010-06-01", "March=2011-03"),
    ("This May 300 people marched.", WEDNESDAY, "This May=2010-05"),
    ("Last March 5,000 people marched. In June 2,000 did.", WEDNESDAY, "Last March=2010-03; June=2010-06"),
    ("It opened last March.", WEDNESDAY, "last March=2010-03"),
    ("It opens in January next year.", WEDNESDAY, "January next year=2011-01"),
    ("It opened on 5 May last year.", WEDNESDAY, "5 May last year=2009-05-05"),
    ("In May she left.", WEDNESDAY, "May=2010-05"),
    ("Sales fell in the first quarter.", WEDNESDAY, "the first quarter=2010-Q1"),
    ("Sales fell in the fourth quarter.", "2011-02-03", "the fourth quarter=2010-Q4"),
    ("It is due by the end of the year.", WEDNESDAY, "the end of the year=2010"),
    ("It opens on Christmas Day.", WEDNESDAY, "Christmas Day=2010-12-25"),
    ("The rocket rose at 9:15 a.m. on Monday.", WEDNESDAY, "9:15 a.m. on Monday=2010-11-22T09:15"),
    ("On Monday at 9 p.m. it rose.", WEDNESDAY, "Monday at 9 p.m.=2010-11-22T21"),
    ("It rose at 9 o'clock on Monday night.", WEDNESDAY, "9 o'clock on Monday night=2010-11-22T21"),
    ("It rose at 9:32 on Monday morning.", WEDNESDAY, "9:32 on Monday morning=2010-11-22T09:32"),
    ("They were to have gone on 5 January.", WEDNESDAY, "5 January=2011-01-05"),
    ("A 5 January hearing has been scheduled.", WEDNESDAY, "5 January=2011-01-05"),
    ("The firm has a 5 January deadline.", WEDNESDAY, "5 January=2011-01-05"),
    ("The firm was set to buy it on 5 January.", WEDNESDAY, "5 January=2011-01-05"),
    ("The clock he took to school on 5 January broke.", WEDNESDAY, "5 January=2010-01-05"),
    ("The launching is set for Friday.", WEDNESDAY, "Friday=2010-11-26"),
    ("The firm agreed to buy it in December.", WEDNESDAY, "December=2010-12"),
    ("It rose at 18:00 UTC on Tuesday.", WEDNESDAY, "18:00 UTC on Tuesday=2010-11-23T18:00Z"),
    ("It rose Tuesday (at 17:00 UTC).", WEDNESDAY, "Tuesday=2010-11-23; 17:00 UTC=2010-11-23T17:00Z"),
    ("Much changed after the 9/11 attacks and post-9/11.", WEDNESDAY, "9/11=2001-09-11; 9/11=2001-09-11"),
    ("The rest was due since 9/11.", "1998-11-20", ""),
    ("Of these 9/11 were new, and 9/11 on time.", WEDNESDAY, ""),
    ("Usually the fair is on 30 September.", WEDNESDAY, "30 September=XXXX-09-30"),
    ("It is usually quiet on the weekend.", WEDNESDAY, ""),
    ("It rose on Tuesday and fell at 6:40 p.m.", WEDNESDAY, "Tuesday=2010-11-23; 6:40 p.m.=2010-11-23T18:40"),
    # So near the article, no tense sends a day to another year, nor a month almost a year ahead.
    ("They were told to come on December 2.", WEDNESDAY, "December 2=2010-12-02"),
    ("The shop will move; it opened November 3.", WEDNESDAY, "November 3=2010-11-03"),
    ("The next fair is January 2.", "2010-12-20", "January 2=2011-01-02"),
    ("In October, buyers will learn, it sold well.", WEDNESDAY, "October=2010-10"),
    ("In December, sellers will close early.", "2011-02-03", "December=2011-12"),
    ("The election will be held in November.", "2020-01-15", "November=2020-11"),
    ("It opens on Monday-Tuesday, May 30-31.", "2022-01-15", "Tuesday, May 30=2022-05-30; 31=2022-05-31"),
    # Both ends of a range are in one year, however far from the article the second is.
    ("The search was for December 23-26.", WEDNESDAY, "December 23=2010-12-23; 26=2010-12-26"),
    ("It may open as early as March.", WEDNESDAY, "March=2011-03"),
    # The weekday said with a day tells its year.
    ("It was planned for Saturday, March 5th.", WEDNESDAY, "Saturday, March 5th=2011-03-05"),
    ("It opens on Friday, 5 March.", WEDNESDAY, "Friday, 5 March=2010-03-05"),
    (
        "It was planned for Sat. March 5-6.",
        WEDNESDAY,
        "Sat. March 5=2011-03-05; 6=2011-03-06",
    ),
    (
        "The fair, originally scheduled for 3 March, slipped to 9 April.",
        "2010-06-15",
        "3 March=2010-03-03; 9 April=2010-04-09",
    ),
    # What somebody usually does makes no day of a year that is told of one of every year.
    (
        "In 2008 the bank, which usually lends to farmers, failed on May 1.",
        WEDNESDAY,
        "2008=2008; May 1=2008-05-01",
    ),
    (
        "She always loved the sea, and on May 1 she drowned.",
        WEDNESDAY,
        "May 1=2010-05-01",
    ),
    ("He always works hard, but on May 1 he will go.", WEDNESDAY, "May 1=2011-05-01"),
    ("The shop, which usually closes at five, burned on May 1.", WEDNESDAY, "May 1=2010-05-01"),
    ("On May 1 she left, which she always regretted.", WEDNESDAY, "May 1=2010-05-01"),
    ("The fair is usually held in May, June and July.", WEDNESDAY, "May=XXXX-05; June=XXXX-06; July=XXXX-07"),
    ("On May 1, the fair is traditionally loud.", WEDNESDAY, "May 1=XXXX-05-01"),
    ("He will retire in '15, though he joined in '12.", WEDNESDAY, "15=2015; 12=1912"),
    ("The first Monday in December is dark.", WEDNESDAY, "The first Monday in December=2010-12-06"),
    ("It met on the last Friday of July 2010.", WEDNESDAY, "the last Friday of July 2010=2010-07-30"),
    # The end of a range comes after its beginning.
    ("The strike runs Monday to Wednesday.", WEDNESDAY, "Monday=2010-11-29; Wednesday=2010-12-01"),
    (
        "It is part of this month’s fair, of the latter part of this month.",
        WEDNESDAY,
        "this month=2010-11; the latter part of this month=2010-11",
    ),
    # The feast comes every year, so no year is meant.
    ("The fair is usually held on 30 September.", WEDNESDAY, "30 September=XXXX-09-30"),
]
FROM_THE_TEXT = [
    (
        "He came on 3 May 1969. Three days later he left.",
        "3 May 1969=1969-05-03; Three days later=1969-05-06",
    ),
    ("He came on 3 May 1969 and left the next day.", "3 May 1969=1969-05-03; the next day=1969-05-04"),
    ("He came in 1969 and left two years later.", "1969=1969; two years later=1971"),
    ("He came in 1969, having left three years earlier.", "1969=1969; three years earlier=1966"),
    ("He came in 1969 and left that same year.", "1969=1969; that same year=1969"),
    ("He came in 1969 and left the following year.", "1969=1969; the following year=1970"),
    ("He came in June 1969 and left that September.", "June 1969=1969-06; that September=1969-09"),
    ("He came in June 1969 and left the previous month.", "June 1969=1969-06; the previous month=1969-05"),
    ("Born on 1 July 1869, she married in October.", "1 July 1869=1869-07-01; October=1869-10"),
    ("In 1969 and with 2500+ guests the next year.", "1969=1969; the next year=1970"),
    ("In 1969, two more than the year previous.", "1969=1969; the year previous=1968"),
    (
        "It lost more in the fourth quarter of 2005 than in the entire year.",
        "the fourth quarter of 2005=2005-Q4; the entire year=2005",
    ),
    ("It came on 3 May 1969 and fell later in the day.", "3 May 1969=1969-05-03; the day=1969-05-03"),
    (
        "In October it rose from the same month a year ago.",
        "October=2010-10; the same month a year ago=2009-10",
    ),
    (
        "In the second quarter it rose from the same period of last year.",
        "the second quarter=2010-Q2; the same period of last year=2009-Q2",
    ),
    ("Signed on 3 April 2020; 03/04/2020 it says.", "3 April 2020=2020-04-03; 03/04/2020=2020-04-03"),
    (
        "He came on 20 July 1969. On the third anniversary, they met.",
        "20 July 1969=1969-07-20; the third anniversary=1972-07-20",
    ),
    (
        "They met on the third anniversary of 20 July 1969.",
        "the third anniversary of 20 July 1969=1972-07-20",
    ),
    (
        "They met on 5 May 2009; the following Monday it rained.",
        "5 May 2009=2009-05-05; the following Monday=2009-05-11",
    ),
    (
        "They met on Saturday and again the next Tuesday night.",
        "Saturday=2010-11-20; the next Tuesday night=2010-11-23TNI",
    ),
]  # fmt: skip
# What is said needs more than the article or the text tells: a day cannot come of a year.
VAGUE = [
    ("He said Monday that it was over.", None, ""),
    ("He said Monday that it was over.", "2010", ""),
    ("He said Monday that it was over.", "2010-11", ""),
    ("Yesterday it rained, last week too.", "2010-11", ""),
    ("Last month it rained.", "2010", ""),
    ("Last month it rained.", "2010-11", "Last month=2010-10"),
    ("Last year it rained.", "2010", "Last year=2009"),
    ("Last summer it rained.", "2010", ""),
    ("Sales fell in the first quarter.", "2010", ""),
    ("He died on January 14.", None, "January 14=XXXX-01-14"),
    ("He died on January 14.", "1966", "January 14=XXXX-01-14"),
    ("He died on January 14.", "1966-01", "January 14=1966-01-14"),
    ("He died in January.", None, "January=XXXX-01"),
    ("Two days later it rained.", WEDNESDAY, ""),
    ("In 1969 he came. Two days later he left.", WEDNESDAY, "1969=1969"),
    ("In 1969 he came. Two months later he left.", WEDNESDAY, "1969=1969"),
    ("Five days before his death he wrote.", WEDNESDAY, ""),
    ("The third anniversary of the landing passed.", WEDNESDAY, ""),
    ("In the '60s it was new.", None, ""),
    # What the period is has not been said in a form that is read.
    (
        "On Monday sales rose from the same period last year.",
        WEDNESDAY,
        "Monday=2010-11-22; the same period last year=2009",
    ),
    ("It lost a billion for the full year.", WEDNESDAY, ""),
    ("Later in the day it rose.", WEDNESDAY, ""),
    # What is so today, or to be done today, is so at any time, unless the text tells the news.
    ("Call us today for an offer.", WEDNESDAY, ""),
    ("Many types of tents are sold today. Today’s tents weigh little.", WEDNESDAY, ""),
    ("This year, today's digital tents sell best.", WEDNESDAY, "This year=2010"),
    ("It rained yesterday in today's economy.", WEDNESDAY, "yesterday=2010-11-23"),
    ("What works now may not work tomorrow.", WEDNESDAY, ""),
    (
        "It rained yesterday on the cars of tomorrow and on tomorrow’s farms.",
        WEDNESDAY,
        "yesterday=2010-11-23",
    ),
    ("It is currently shut, recently and in the future, too.", WEDNESDAY, ""),
    ("Signed 03/04/2020 in ink.", WEDNESDAY, "03/04/2020=2020"),
    ("3/4/2020, 24/2/2022, 2/24/2022", None, "3/4/2020=2020; 24/2/2022=2022-02-24; 2/24/2022=2022-02-24"),
    ("Signed 24/2/09 in ink.", None, ""),
    ("At 9:15 a.m. it rose.", WEDNESDAY, ""),
    ("A little later, at 9:15, it rose on Monday.", WEDNESDAY, "Monday=2010-11-22"),
    # What comes again is no single day.
    ("The fair is held every May 1 in Leith.", WEDNESDAY, "May 1=XXXX-05-01"),
    ("Each year, from May 1 to June 3, the fair is held.", WEDNESDAY, "May 1=XXXX-05-01; June 3=XXXX-06-03"),
    (
        "It is open from May 1 to September 30 each year.",
        WEDNESDAY,
        "May 1=XXXX-05-01; September 30=XXXX-09-30",
    ),
    ("In 2008 every May 1 was wet.", WEDNESDAY, "2008=2008; May 1=XXXX-05-01"),
    ("Rents are due on May 1 of each year.", WEDNESDAY, "May 1=XXXX-05-01"),
    ("Claims are made annually by 15 April.", WEDNESDAY, "15 April=XXXX-04-15"),
    ("The pier shuts every December.", WEDNESDAY, "December=XXXX-12"),
    ("The board meets on the first Monday of every month.", WEDNESDAY, ""),
    ("It is open Tuesday through Sunday, and daily except for Monday.", WEDNESDAY, ""),
    ("The council left one Friday morning, and a week from Friday it moves.", WEDNESDAY, ""),
]
NO_DATES = (
    "See page 1969, pp. 1999 and No. 1945.",
    "There were 1,969 people and 1969 spectators, 2000 jobs and 1500 homes.",
    "More than 1990 came; nearly 2000 stayed.",
    "The Boeing 737, Windows 2000, Room 1984, Resolution 1973.",
    "Call 202-555-1969 or +1 202 1969 or 555 1984.",
    "ISBN 978-1-4842-2001-5 at 192.168.2001.1, version 2.0.1999.",
    "It costs $1999, 1999 euros or €1,850.",
    "They won 3-2 and then 10-11; she scored 6.1999.",
    "See http://example.org/2001/05/06/a2001b and user_1999@example.org.",
    "Theresa May said it may rain. Mayor May agreed.",
    "They march on. March on, they cried. May we go?",
    "The Sunday Times, Good Friday, Black Friday, Friday the 13th.",
    "USA Today wrote it. Today's world is fast; he is still alive today.",
    "Day\tMonday\tTuesday\nRun\tRest\t5 miles\nTools\tMonday.example\nSunday.example sells more.",
    "Screens of 1920×1080, 1920 x 1200 and 2880×1800 dots.",
    "Every Monday, on Mondays, on a Monday, each Friday, every other Tuesday,\nevery second Sunday.",
    "Q1. Who calls?\nQ2: Who answers?\nQ3) Who pays?",
    "The files 7b-FY09-Plan and 2008-a-FY2009-b; 1500+ stayed, FY 12.5 and FY 20,000 too.",
    "Over the past year and the last three years, for two weeks.",
    "Temperatures in the 90s. He is in his sixties.",
    "The sun sat on the second floor; spring water; a fall; a second chance.",
    "31 June 1960, June 31, February 30, 2021-13-01, 45/13/2001.",
    "It is 6'39 tall, in the '39 Steps', he said, of the '39 men and for '12 boxes'; he shot '24 hours.",
    "It left at 1900 hours and 0815 GMT.",
    "It took 9 months, 1969 km and 1500 m.",
    "",
)
OTHER_LANGUAGES = [
    (
        "fi",
        "Laiva lähti 5. maaliskuuta 2009 ja palasi lokakuussa 1998. Vuonna 1923 satama suljettiin.",
        "5. maaliskuuta 2009=2009-03-05; lokakuussa 1998=1998-10; 1923=1923",
    ),
    (
        "et",
        "Laev lahkus 5. märtsil 2009 ja tuli oktoobris 1998.",
        "5. märtsil 2009=2009-03-05; oktoobris 1998=1998-10",
    ),
    (
        "sk",
        "Loď odplávala 5. marca 2009. Od roku 1923 je zavretá.",
        "5. marca 2009=2009-03-05; 1923=1923",
    ),
    ("sl", "Ladja je odplula 5. marca 2009, leta 1923.", "5. marca 2009=2009-03-05; 1923=1923"),
    ("hr", "Brod je isplovio 5. listopada 2009. godine.", "5. listopada 2009=2009-10-05"),
    (
        "sr",
        "Брод је испловио 5. марта 2009. Brod se vratio 3. oktobra 1998.",
        "5. марта 2009=2009-03-05; 3. oktobra 1998=1998-10-03",
    ),
    ("bg", "На 5 март 2009 г. и през 1923 г.", "5 март 2009=2009-03-05; 1923=1923"),
    (
        "ca",
        "El 5 de març de 2009, el 3 d'abril de 1998 i l'any 1923.",
        "5 de març de 2009=2009-03-05; 3 d'abril de 1998=1998-04-03; 1923=1923",
    ),
    (
        "gl",
        "O 5 de marzo de 2009, en outubro de 1998.",
        "5 de marzo de 2009=2009-03-05; outubro de 1998=1998-10",
    ),
    (
        "is",
        "Skipið sigldi 5. mars 2009. Árið 1923 var stríð.",
        "5. mars 2009=2009-03-05; 1923=1923",
    ),
    (
        "id",
        "Pada 5 Maret 2009, Oktober 1998, sejak tahun 1923.",
        "5 Maret 2009=2009-03-05; Oktober 1998=1998-10; 1923=1923",
    ),
    ("he", "הספינה חזרה באוקטובר 1998. הנמל נסגר בשנת 1923.", "באוקטובר 1998=1998-10; 1923=1923"),
    ("fa", "در ۵ مارس ۲۰۰۹ و در سال ۱۹۲۳.", "۵ مارس ۲۰۰۹=2009-03-05; ۱۹۲۳=1923"),
    ("hi", "जहाज़ 5 मार्च 2009 को निकला।", "5 मार्च 2009=2009-03-05"),
    ("de", "Am 24. Februar 2022 und am 1. Mai 1999.", "24. Februar 2022=2022-02-24; 1. Mai 1999=1999-05-01"),
    (
        "de",
        "Mittwoch, den 3. März 1999; im Juli 1969; 03.04.2020.",
        "Mittwoch, den 3. März 1999=1999-03-03; Juli 1969=1969-07; 03.04.2020=2020-04-03",
    ),
    ("de", "Von 24. Februar – 3. März 2022.", "24. Februar=2022-02-24; 3. März 2022=2022-03-03"),
    ("de", "Der Krieg (1939–1945) begann im Jahr 1939.", "1939=1939; 1945=1945; 1939=1939"),
    (
        "fr",
        "Le 1er mai 1968, le 24 février 2022 et en 1969.",
        "1er mai 1968=1968-05-01; 24 février 2022=2022-02-24; 1969=1969",
    ),
    ("fr", "Plus de 1300 œuvres, le feu de 1859.", "1859=1859"),
    ("fr", "Le 03/04/2020, en mars 2020.", "03/04/2020=2020-04-03; mars 2020=2020-03"),
    (
        "es",
        "El 20 de julio de 1969 y en julio de 1970.",
        "20 de julio de 1969=1969-07-20; julio de 1970=1970-07",
    ),
    (
        "it",
        "Il 24 febbraio 2022, nel 1969, 1º maggio 1968.",
        "24 febbraio 2022=2022-02-24; 1969=1969; 1º maggio 1968=1968-05-01",
    ),
    (
        "pt",
        "Em 25 de abril de 1974, terça-feira, 5 de abril de 1977.",
        "25 de abril de 1974=1974-04-25; terça-feira, 5 de abril de 1977=1977-04-05",
    ),
    ("nl", "Op maandag 24 februari 2020 en sinds 1969.", "maandag 24 februari 2020=2020-02-24; 1969=1969"),
    ("de", "Mit 991 von 1228 gültigen Stimmen, um 1500 Euro, von 1914 an.", "1914=1914"),
    ("pt", "Voltou a 28 de outubro. 1949 ficou longe.", "28 de outubro=2010-10-28"),
    ("sv", "Den 28 februari 1986, i mars 1981.", "28 februari 1986=1986-02-28; mars 1981=1981-03"),
    ("nb", "Fredag 22. juli 2011 og siden 1945.", "Fredag 22. juli 2011=2011-07-22; 1945=1945"),
    (
        "pl",
        "Od 4 czerwca 1989 r., w maju 1968 i w 1970 roku było 1200 osób.",
        "4 czerwca 1989=1989-06-04; maju 1968=1968-05; 1970=1970",
    ),
    (
        "ru",
        "Сегодня, 12 апреля 1961 года, и с 1976 года. Был там 9 октября.",
        "12 апреля 1961=1961-04-12; 1976=1976; 9 октября=2010-10-09",
    ),
    ("uk", "25 травня 2014 року, у 2004 році.", "25 травня 2014=2014-05-25; 2004=2004"),
    ("el", "Από την 1η Ιανουαρίου 1981.", "1η Ιανουαρίου 1981=1981-01-01"),
    (
        "tr",
        "17 Ağustos 1999’da, 1952’de ve 1960 yılında.",
        "17 Ağustos 1999=1999-08-17; 1952=1952; 1960=1960",
    ),
    (
        "ar",
        "في ٢٦ يوليو ١٩٥٦ و15 كانون الثاني 2011 منذ عام 1952.",
        "٢٦ يوليو ١٩٥٦=1956-07-26; 15 كانون الثاني 2011=2011-01-15; 1952=1952",
    ),
    (
        "zh",
        "于2001年7月13日获得主办权。将于8月24日举行。在1997年。",
        "2001年7月13日=2001-07-13; 8月24日=2010-08-24; 1997年=1997",
    ),
    ("ja", "昭和58年5月26日と1968年8月。", "昭和58年5月26日=1983-05-26; 1968年8月=1968-08"),
]  # fmt: skip

RELATIVE_ABROAD = [
    ("de", "Gestern Abend, vorgestern.", "Gestern Abend=2010-11-23TEV; vorgestern=2010-11-22"),
    ("de", "Heute früh und morgen Mittag.", "Heute früh=2010-11-24TMO; morgen=2010-11-25"),
    ("de", "Gestern und heute.", "Gestern=2010-11-23; heute=2010-11-24"),
    ("de", "Vor drei Tagen, vor einem Monat.", "Vor drei Tagen=2010-11-21; vor einem Monat=2010-10"),
    ("de", "In der vergangenen Woche.", "vergangenen Woche=2010-W46"),
    ("de", "Vor 20 Jahren und im nächsten Jahr.", "Vor 20 Jahren=1990; nächsten Jahr=2011"),
    ("de", "Am Morgen. Bis heute gilt: die Jugend von heute. Heute ist alles besser. Das Heute-Journal.", ""),
    ("de", "Vor acht Tagen, vor Jahren, vor rund zwei Jahren; im letzten Jahr des Krieges.", ""),
    ("fr", "Hier soir et avant-hier.", "Hier soir=2010-11-23TEV; avant-hier=2010-11-22"),
    ("fr", "Il y a deux jours, qu’il y a un an.", "Il y a deux jours=2010-11-22; il y a un an=2009"),
    ("fr", "La semaine dernière, l'an prochain.", "semaine dernière=2010-W46; an prochain=2011"),
    ("fr", "Ce matin, demain soir.", "Ce matin=2010-11-24TMO; demain soir=2010-11-25TEV"),
    ("fr", "Les modes d’hier, il y a trois jours de grève, il y a quinze jours. Le monde de demain.", ""),
    ("es", "Ayer por la tarde, anteayer.", "Ayer por la tarde=2010-11-23TAF; anteayer=2010-11-22"),
    ("es", "Anoche y esta mañana.", "Anoche=2010-11-23TNI; esta mañana=2010-11-24TMO"),
    ("es", "Hace tres semanas, el año pasado.", "Hace tres semanas=2010-W44; año pasado=2009"),
    ("es", "La próxima semana y pasado mañana.", "próxima semana=2010-W48; pasado mañana=2010-11-26"),
    ("es", "Por la mañana, desde hace dos días, hace dos años que vive aquí, hasta hoy, hoy en día.", ""),
    ("it", "Ieri sera, l'altro ieri.", "Ieri sera=2010-11-23TEV; l'altro ieri=2010-11-22"),
    ("it", "Stamattina; domani.", "Stamattina=2010-11-24TMO; domani=2010-11-25"),
    ("it", "Due giorni fa, un anno fa.", "Due giorni fa=2010-11-22; un anno fa=2009"),
    ("it", "La scorsa settimana, il mese scorso.", "scorsa settimana=2010-W46; mese scorso=2010-10"),
    ("it", "Circa due anni fa, due o tre giorni fa, quindici giorni fa; un domani migliore.", ""),
    ("pt", "Ontem à noite, anteontem.", "Ontem à noite=2010-11-23TNI; anteontem=2010-11-22"),
    ("pt", "Ontem, hoje, amanhã.", "Ontem=2010-11-23; hoje=2010-11-24; amanhã=2010-11-25"),
    ("pt", "Dois dias atrás, na semana passada.", "Dois dias atrás=2010-11-22; semana passada=2010-W46"),
    ("de", "Jeden 1. Mai tagt der Rat.", "1. Mai=XXXX-05-01"),
    ("fr", "Le 1er mai de chaque année, le port ferme.", "1er mai=XXXX-05-01"),
    ("es", "Cada 1 de mayo cierra el puerto.", "1 de mayo=XXXX-05-01"),
    ("pt", "No próximo mês.", "próximo mês=2010-12"),
    ("pt", "Está preso há dois dias, até hoje. Hoje em dia é assim.", ""),
    ("nl", "Gisteravond, eergisteren.", "Gisteravond=2010-11-23TEV; eergisteren=2010-11-22"),
    ("nl", "Vanochtend, morgenmiddag.", "Vanochtend=2010-11-24TMO; morgenmiddag=2010-11-25TAF"),
    ("nl", "Twee dagen geleden, vorige week.", "Twee dagen geleden=2010-11-22; vorige week=2010-W46"),
    ("nl", "In de morgen, ruim twee jaar geleden, veertien dagen geleden, tot vandaag.", ""),
]


def dates(
    text: str, published: str | None = WEDNESDAY, *, language: str = "en", mentions: tuple[Mention, ...] = ()
) -> list[TimeExpression]:
    """Return what is found in a text of an article with a date."""
    date = (
        Published(value=published, precision=PRECISIONS[len(published)], origin="meta") if published else None
    )
    article = Article(title="", body=text, text=text, language=language, published=date)
    return [
        each for each in find_dates(article, Facts(mentions=mentions)) if isinstance(each, TimeExpression)
    ]


def written(found: list[TimeExpression]) -> str:
    """Return expressions as the tables above write them."""
    return "; ".join(f"{each.surface}={each.value}" for each in found)


@pytest.mark.parametrize(("text", "expected"), STATED + RANGES)
def test_what_is_stated_is_read(text: str, expected: str):
    """A date that states all it means has its value, whenever the article appeared."""
    assert written(dates(text)) == expected


@pytest.mark.parametrize(("text", "published", "expected"), FROM_THE_ARTICLE)
def test_what_is_reckoned_from_the_article(text: str, published: str, expected: str):
    """A weekday and "last month" are reckoned from the article's own date, as the tense asks."""
    assert written(dates(text, published)) == expected


@pytest.mark.parametrize(("text", "expected"), FROM_THE_TEXT)
def test_what_is_reckoned_from_the_text(text: str, expected: str):
    """What is "three days later" is reckoned from the date named before it."""
    assert written(dates(text)) == expected


@pytest.mark.parametrize(("text", "published", "expected"), VAGUE)
def test_nothing_is_invented(text: str, published: str | None, expected: str):
    """What cannot be known has no value, and what is partly known no more than that."""
    assert written(dates(text, published)) == expected


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str):
    """Numbers, names and verbs that only look like dates are left alone."""
    assert written(dates(text)) == ""


@pytest.mark.parametrize(("language", "text", "expected"), OTHER_LANGUAGES)
def test_whole_dates_in_other_languages(language: str, text: str, expected: str):
    """Whole dates, months and years are read in other languages, with their digits and calendars."""
    assert written(dates(text, language=language)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "es",
            "Nació en 1907, viajó en 1931 y el 6 de marzo de 1927. El sábado 24 de julio volverá.",
            "sábado 24 de julio=2010-07-24",
        ),
        (
            "it",
            "Fu sindaco nel 1903, nel 1908 e nel 1911. Ieri ha parlato, il 18 luglio si vota.",
            "18 luglio=2010-07-18",
        ),
    ],
)
def test_news_in_another_language_speak_from_their_day(language: str, text: str, expected: str):
    """A year long ago is not that of a day to come, which its weekday or words such as `ieri` tell."""
    assert written(dates(text, language=language)).endswith(expected)


@pytest.mark.parametrize(("language", "text", "expected"), RELATIVE_ABROAD)
def test_other_languages_count_from_the_article(language: str, text: str, expected: str):
    """`Gestern`, `il y a deux jours` and `el año pasado` are reckoned from the article's own date."""
    assert written(dates(text, language=language)) == expected


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Er hatte am 3. Februar den Hafen verlassen.", 2009),
        ("Die Werft wurde am 3. Februar geschlossen.", 2009),
        ("Sie reiste am 3. Februar ab.", 2009),
        ("Am 3. Februar hatte der Rat getagt.", 2009),
        ("Das Schiff, das am 3. Februar gesunken war, liegt noch dort.", 2009),
        ("Nach dem Sturm, der am 10. Juni begann, blieb der Hafen zu.", 2009),
        ("Er hatte am 10. Januar den Hafen verlassen.", 2010),
        ("Der Rat tagt am 3. Februar.", 2010),
        ("Er hatte angekündigt, am 3. Februar zurückzutreten.", 2010),
        ("Die Sitzung war am 3. Februar geplant.", 2010),
        ("Das Konzert am 3. Februar wurde abgesagt.", 2010),
        ("Der Rat, der am 3. Februar tagen wird, hatte Streit.", 2010),
        ("Am 3. Februar letzten Endes fällt die Entscheidung.", 2010),
        ("Er sollte am 3. Februar kommen.", 2010),
    ],
)
def test_german_verbs_tell_what_is_past(text: str, year: int):
    """In January a day of February that German says has been is that of the year before."""
    (found,) = dates(text, "2010-01-15", language="de")
    assert found.value.startswith(str(year))


def test_a_person_is_no_month():
    """Where the article knows a person named May, "by May" is she; a name's part is no date."""
    text = "Theresa May spoke. A plan by May failed. The Black Monday Club met."
    known = tuple(
        Mention(start=text.index(name), end=text.index(name) + len(name), surface=name, name=name, kind=kind)
        for name, kind in (("Theresa May", "PERSON"), ("Black Monday Club", "ORG"))
    )
    assert written(dates(text, mentions=known)) == ""
    text = "Ballarat, Australia On Saturday, it rained."
    place = Mention(start=10, end=31, surface=text[10:31], name=text[10:31], kind="GPE")
    assert written(dates(text, mentions=(place,))) == "Saturday=2010-11-20"
    assert written(dates("A plan in May failed.")) == "May=2010-05"


FRAGMENTS = (
    "Monday", "last", "next", "the", "week", "month", "year", "1969", "'60s", "May", "3", "of", "March 5,",
    "2011", "24/02/2022", "9:15", "a.m.", "o'clock", "noon", "at", "on", "in", "three", "days", "ago",
    "later", "earlier", "yesterday", "tonight", "morning", "night", "first", "quarter", "spring", "19th",
    "century",
    "-", "–", "to", "and", ",", ".", "\n", "\n\n", "anniversary", "same", "fiscal", "said", "will", "BC",
    "weekend",
        "end of", "Q3", "Z", "UTC", "٣", "²", "1969-07-20",
)  # fmt: skip
SENTENCES = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(" ".join)
DAYS = st.dates().map(str)
PUBLISHED = st.none() | DAYS | DAYS.map(lambda day: day[:7]) | DAYS.map(lambda day: day[:4])


@given(SENTENCES | st.text(max_size=200), PUBLISHED)
def test_offsets_hold(text: str, published: str | None):
    """Every expression is the text between its offsets, and they follow one another."""
    found = dates(text, published)
    assert all(text[each.start : each.end] == each.surface for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(each.precision in ORDER and each.start < each.end for each in found)


SMALLEST_UNIT = {
    "minute": re.compile(r"\d[:.]\d\d"),
    "hour": re.compile(r"\d|noon"),
    "daypart": re.compile(r"morning|night|tonight"),
    "day": re.compile(r"\d|day|night|morning|anniversary"),
    "week": re.compile(r"week"),
    "month": re.compile(r"month|may|march|\d", re.IGNORECASE),
    "quarter": re.compile(r"quarter|Q3"),
    "season": re.compile(r"spring"),
}


@given(SENTENCES, PUBLISHED)
def test_no_value_is_more_precise_than_what_was_said(text: str, published: str | None):
    """A day needs a word for a day, a month one for a month, and so on."""
    for each in dates(text, published):
        assert SMALLEST_UNIT.get(each.precision, re.compile("")).search(each.surface), each


RELATIVE = st.sampled_from(
    (
        "He came on Monday.", "He came yesterday.", "He came last week.", "He came three days ago.",
        "He came this weekend.", "He spoke tonight.", "He spoke last night.", "Last month it rained.",
        "He came two months ago.", "He came last summer.", "He came in the first quarter.",
        "He came last May.",
    )
)  # fmt: skip


@given(RELATIVE, st.integers(1500, 2100))
def test_no_day_or_month_comes_of_a_year(text: str, year: int):
    """An article known by its year gives no day, week, month, quarter or season."""
    assert dates(text, str(year)) == []


@given(st.sampled_from(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")), DAYS)
def test_tense_decides_the_direction_of_a_weekday(name: str, published: str):
    """A weekday in the past tense is at most six days back, in the future tense at most six ahead."""
    past = dates(f"They met on {name}.", published)
    future = dates(f"They will meet on {name}.", published)
    assert all(each.value <= published for each in past)
    assert all(each.value >= published for each in future)
    assert {each.value for each in past} & {each.value for each in future} in ({published}, set())


IN_THE_SAMPLE = {
    "orbital-courier/sputnik-moscow-puts-a-new-moon-over-the-world.html": {"Friday": "1957-10-04"},
    "orbital-courier/apollo-13-weve-had-a-problem.html": {
        "Friday": "1970-04-17",
        "9 o'clock on Monday night": "1970-04-13T21",
    },
    "orbital-courier/fire-at-pad-34.html": {"February 21": "1967-02-21"},
    "cape-ledger/apollo-17-last-steps.md": {"this century": "19", "Thursday": "1972-12-14"},
    "cape-ledger/surveyor-lands-softly.md": {"11 o'clock on Wednesday night": "1966-06-01T23"},
    "cape-ledger/new-flags-in-orbit.html": {"that September": "1962-09", "December 1964": "1964-12"},
    "meridian-dispatch/korolev-the-chief-designer.md": {
        "January 14": "1966-01-14",
        "the early 1930s": "193",
        "This month": "1966-01",
    },
    "meridian-dispatch/katherine-johnson-checked-the-numbers.md": {"Ten years ago": "1962"},
    "baikonur-evening-post/the-steppe.txt": {"October 1960": "1960-10"},
    "baikonur-evening-post/mars-1971.txt": {"December 2": "1971-12-02"},
}


@pytest.mark.parametrize("locator", IN_THE_SAMPLE)
def test_dates_arrive_in_their_table(locator: str, query: Callable[..., list[sqlite3.Row]]):
    """What the sample's articles speak of stands in the table `dates`, at its place in the text."""
    rows = query(
        "select surface, value, substr(text, start + 1, end - start) as place from dates"
        " join article_text on article_text.id = article_id"
        " where article_id = (select article_id from files where locator = ?)",
        locator,
    )
    assert all(row["place"] == row["surface"] for row in rows)
    found = {(row["surface"], row["value"]) for row in rows}
    assert found >= set(IN_THE_SAMPLE[locator].items())


SIZE, DENSE = 1_000_000, 200_000
HOSTILE: dict[str, Callable[[], str]] = {
    "digits": lambda: "1" * SIZE,
    "slashes": lambda: "/" * SIZE,
    "spaces": lambda: " " * SIZE,
    "lines": lambda: "\n" * SIZE,
    "capitals": lambda: "A" * SIZE,
    "quotes": lambda: "'" * SIZE,
    "relations": lambda: "last the " * (SIZE // 9),
    "numbers in words": lambda: "twenty-" * (SIZE // 7),
    "one sentence": lambda: "known " * (SIZE // 6) + "today",
    "noise": lambda: "".join(random.Random(1).choices("0123456789 -/.:MayFridthe", k=SIZE)),
    "fractions": lambda: "1/" * (DENSE // 2),
    "hyphens": lambda: "1969-" * (DENSE // 5),
    "weekdays": lambda: "Monday " * (DENSE // 7),
    "months": lambda: "May " * (DENSE // 4),
    "days": lambda: "3 May " * (DENSE // 6),
    "years": lambda: "1969 " * (DENSE // 5),
    "small numbers": lambda: "1 " * (DENSE // 2),
    "German": lambda: "hatte am 3. Februar " * (DENSE // 20),
    "times": lambda: "9:15 p.m. " * (DENSE // 10),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_to_its_end(name: str):
    """A text of one thing over and over is read to its end; a rule that is not linear would never end."""
    text = HOSTILE[name]()
    for each in dates(text, language="de" if name == "German" else "en"):
        assert text[each.start : each.end] == each.surface
