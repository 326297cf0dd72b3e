"""Words that introduce what somebody says, by language, and the words around a speaker.

Hand-written; verbs that are often plain nouns are told from them where they are used.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.calendars import MONTHS, WEEKDAYS, full_names


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, kw_only=True)
class CueWords:
    """What one language says around a quotation.

    `cues` introduce any words; `labels` only words that name something, as in `called it`;
    `according` are the openings of `according to somebody`, in up to two words.
    """

    cues: frozenset[str]
    labels: frozenset[str]
    according: frozenset[str]
    he: frozenset[str]
    she: frozenset[str]
    others: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    between: frozenset[str]
    also_nouns: frozenset[str] = frozenset()
    passive: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    drops_subject: bool = False


ENGLISH = CueWords(
    cues=_set(
        """
        said says say saying told tells tell telling added adds add adding asked asks ask asking replied
        replies reply replying answered answers answering wrote writes writing written announced
        announces announcing declared declares declaring stated states state stating explained explains
        explain explaining noted notes note noting argued argues argue arguing insisted insists insist
        insisting claimed claims claim claiming warned warns warn warning admitted admits admit
        admitting commented comments commenting remarked remarks remarking observed observes observing
        recalled recalls recall recalling continued continues continuing concluded concludes concluding
        confirmed confirms confirming denied denies denying suggested suggests suggesting urged urges
        urging promised promises promising pledged vowed vows vowing acknowledged acknowledges
        acknowledging conceded concedes conceding complained complains complaining exclaimed exclaims
        exclaiming shouted shouts shouting yelled yells yelling cried cries crying whispered whispers
        whispering murmured murmurs muttered mutters mumbled screamed screams roared laughed sighed
        sobbed gasped responded responds responding retorted retorts countered counters countering
        quipped joked jokes joking testified testifies testifying tweeted tweets tweeting posted posts
        posting blogged reported reports reporting stressed stresses stressing emphasized emphasizes
        emphasised emphasises emphasizing emphasising maintained maintains asserted asserts asserting
        affirmed affirms reaffirmed contended contends contending alleged alleges alleging revealed
        reveals revealing disclosed predicted predicts predicting predicated believed believes reckoned
        reckons felt feels hoped hopes hoping thought thinks thinking wondered wonders wondering mused
        muses reflected reflects inquired enquired queried demanded demands demanding ordered begged
        implored appealed proposed proposes boasted boasts bragged repeated repeats repeating reiterated
        reiterates reiterating interrupted interposed interjected rejoined returned resumed pursued
        ejaculated faltered stammered stuttered gibed chimed called calls calling cautioned cautions
        advised advises advising agreed agrees agreeing apologised apologized thanked assured assures
        assuring informed informs reminded reminds reminding opined quoted quotes quoting read reads
        recounted recounts lamented laments lamenting marvelled marveled snapped snarled growled
        grumbled groaned grunted hissed drawled piped chuckled giggled sneered scoffed protested
        objected ventured volunteered offered prayed swore confessed confesses confided proclaimed
        proclaims proclaiming pronounced specified clarified clarifies elaborated summed summarised
        summarized echoed echoes echoing described describes describing chanted chanting sang toasted
        greeted cabled radioed signalled signaled phoned telegraphed messaged expressed reasoned reasons
        reasoning remembered remembers envisioned envisaged anticipated mentioned mentions mentioning
        threatened threatens justified criticised criticized praised condemned welcomed blasted slammed
        speculated speculates theorized contradicted deemed considers viewed accused accuses accusing
        shared shares conclude emphasize emphasise summarizes summarises summarize pointed points point
        pointing puts put
        """
    ),
    labels=_set(
        """
        called calls calling call described describes describing describe dubbed dubs dubbing branded
        brands branding labelled labeled labels labelling labeling termed terms hailed hails hailing
        denounced denounces denouncing slammed slams slamming blasted blasts blasting praised praises
        praising criticised criticized criticises criticizes criticising criticizing condemned condemns
        condemning characterised characterized characterises characterizes characterising characterizing
        referred refers referring dismissed dismisses dismissing deemed deems considers considered
        viewed views cited cites citing defined defines deplored deplores welcomed welcomes likened
        portrayed portrays blamed blames compared compares accused accuses accusing
        """
    ),
    according=_set("according"),
    he=_set("he"),
    she=_set("she"),
    others=_set("i we they it you who"),
    determiners=_set(
        """
        the a an his her its their my our your this that another one some many several two three these
        those
        """
    ),
    prepositions=_set(
        """
        of for at in from with by to on about against near under over after before into between among
        through during without within
        """
    ),
    between=_set(
        """
        has had have also later then once even still often now just again recently publicly reportedly
        always never both all too further previously earlier yesterday today was were is are being been
        went on to would will could should did does do must might may can not himself herself themselves
        ever only simply merely afterwards afterward soon first finally softly slowly
        """
    ),
    also_nouns=_set(
        """
        claims claim comments reports report notes note states state calls call answers reply replies
        demands tweets posts remarks quotes cries hopes echoes counters terms views brands labels
        warning writing reading appeal reasons reasoning promises jokes shouts screams whispers feelings
        thought ask say offered ordered posted felt shared shares
        """
    ),
    passive=_set("is was were are be been being get got"),
    by=_set("by"),
)
GERMAN = CueWords(
    cues=_set(
        """
        sagte sagt sagten sagen gesagt erklärte erklärt erklärten betonte betont meinte meint fügte
        fragte fragt antwortete antwortet schrieb schreibt rief ruft kündigte warnte warnt forderte
        fordert kritisierte kritisiert berichtete berichtet bestätigte bestätigt behauptete behauptet
        versicherte versichert ergänzte ergänzt erwiderte entgegnete äußerte teilte mitteilte räumte
        lobte lobt erzählte erzählt verkündete funkte meldete hieß flüsterte murmelte unterstrich
        """
    ),
    labels=_set("nannte nennt nannten bezeichnete bezeichnet bezeichneten"),
    according=_set("laut zufolge"),
    he=_set("er"),
    she=_set("sie"),
    others=_set("ich wir es man"),
    determiners=_set("der die das den dem ein eine einer sein seine ihr ihre"),
    prepositions=_set(
        """
        von vom aus in im am an bei beim mit für zu zum zur nach über unter vor auf
        """
    ),
    between=_set("hat hatte haben auch später dann noch hatten habe wurde sich"),
)
FRENCH = CueWords(
    cues=_set(
        """
        dit disait déclaré déclare déclarait expliqué explique ajouté ajoute affirmé affirme assuré
        assure indiqué indique répondu répond répondit demandé demande demanda écrit écrivait souligné
        souligne précisé précise raconté raconte annoncé annonce estimé estime lancé lance confié confie
        rappelé rappelle reconnu reconnaît conclu conclut poursuivi poursuit insisté insiste crié crie
        s'écria murmuré murmura répliqua
        """
    ),
    labels=_set("qualifié qualifie appelé appelle décrit nommé nomme"),
    according=_set("selon d'après"),
    he=_set("il"),
    she=_set("elle"),
    others=_set("je nous on ils elles"),
    determiners=_set("le la les l un une son sa ses leur"),
    prepositions=_set("de du des d à au aux en dans pour par avec sur chez"),
    between=_set("a ont avait avaient est aussi ensuite t encore également s'est"),
    by=_set("par"),
)
SPANISH = CueWords(
    cues=_set(
        """
        dijo dice dijeron decía dicho declaró declara afirmó afirma explicó explica añadió añade agregó
        agrega preguntó pregunta respondió responde contestó escribió escribe señaló señala aseguró
        asegura indicó indica comentó comenta anunció anuncia advirtió advierte manifestó manifiesta
        subrayó subraya destacó destaca recordó recuerda reconoció reconoce concluyó concluye insistió
        insiste contó cuenta apuntó apunta exclamó gritó susurró
        """
    ),
    labels=_set("calificó califica llamó llama describió describe tildó"),
    according=_set("según"),
    he=_set("él"),
    she=_set("ella"),
    others=_set("yo nosotros ellos ellas"),
    determiners=_set("el la los las un una su sus"),
    prepositions=_set("de del a al en para por con sobre desde"),
    between=_set("ha han había también después luego se"),
    by=_set("por"),
    drops_subject=True,
)
LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}

# What a person may be called instead of a name; a description ends in one of these.
ROLES = _set(
    """
    spokesman spokeswoman spokesperson president premier minister secretary senator congressman
    congresswoman representative governor mayor chancellor ambassador envoy diplomat official officer
    chief commander general colonel captain lieutenant sergeant major admiral pilot astronaut cosmonaut
    engineer scientist physicist chemist biologist astronomer researcher professor lecturer historian
    economist analyst expert author writer poet novelist journalist reporter editor correspondent
    publisher director manager executive ceo chairman chairwoman chair chairperson founder co-founder
    owner producer actor actress singer musician artist curator architect lawyer attorney prosecutor
    judge justice sheriff detective inspector constable policeman policewoman soldier doctor physician
    nurse surgeon patient teacher student pupil principal headmaster dean coach player striker
    goalkeeper driver farmer worker resident neighbour neighbor witness victim survivor bystander
    passenger mother father brother sister son daughter husband wife uncle aunt grandmother grandfather
    widow friend colleague man woman boy girl lady gentleman king queen prince princess pope bishop
    archbishop cardinal priest pastor rabbi imam leader head candidate activist campaigner defender
    organiser organizer politician lawmaker legislator councillor councilman councilwoman adviser
    advisor aide deputy designer programmer developer hacker blogger entrepreneur businessman
    businesswoman investor banker critic guard landlady landlord host guest winner champion swimmer
    cyclist racer poster user spokespeople negotiator supplier undersecretary administrator commissioner
    coordinator member deputy-director vice-president professor-emeritus
    """
)
# Writings and bodies of people, which say something as often as a person does.
SPEAKING = _set(
    """
    report study article survey strategy statement form memo memorandum letter e-mail email message post
    note notice paper document guidance policy directive law act bill regulation review poll team group
    company companies firm agency agencies department ministry ministries office service government
    administration city state council committee commission board court union association organisation
    organization party parties police army airline manufacturer participant respondent member
    """
)
FEMALE_ROLES = _set(
    """
    spokeswoman congresswoman chairwoman actress policewoman mother sister daughter wife aunt
    grandmother widow woman girl lady queen princess businesswoman councilwoman landlady mrs ms miss
    madame mme mlle frau señora sra dame baroness duchess countess mum her hers herself she
    """
)
MALE_ROLES = _set(
    """
    spokesman congressman chairman policeman father brother son husband uncle grandfather man boy
    gentleman king prince pope businessman councilman landlord mr sir lord monsieur herr señor sr baron
    duke count his him himself he dad
    """
)
# What no quotation follows: titles of works and names given.
NAMING = _set(
    "titled entitled named nicknamed so-called known word words term phrase song film movie book novel album"
    " album single poem show series episode magazine painting play opera ship codenamed code-named alias aka"
    " article essay documentary programme program project band group track tune hymn anthem nickname name"
    " operation column blog website slogan motto headed headlined subtitled"
)
# Of these, what a title follows however long it is.
TITLING = _set("titled entitled named nicknamed headlined subtitled")
# Participles that stand between a thing and the name it bears: `a rule called "the ladder"`.
LABELLED = _set(
    """
    called described dubbed branded labelled labeled termed deemed considered viewed defined referred
    characterised characterized
    """
)
# Labels between the turns of a printed interview that are nobody's.
NOTICES = _set(
    "photo photos image images picture credit caption source sources video note update related disclosure"
    " correction"
)
ABBREVIATIONS = _set(
    """
    mr mrs ms dr prof gen col lt maj sgt capt sen rep gov st rev hon adm brig cmdr jr sr cpl fr msgr inc
    corp co ltd u.s u.k no vs jan feb aug sept oct nov dec esq mt ft messrs mme mlle pres supt insp
    """
)
CALENDAR = frozenset((*full_names(WEEKDAYS["en"]), *full_names(MONTHS["en"])))
CONJUNCTIONS = _set(
    """
    and but as while that when whereas although though since because if however or so yet meanwhile what
    which
    """
)
# Verbs that only introduce what somebody says together with the word after them, and those that
# have whom it is said to behind them, and never who says it.
COMPLETED = {
    **dict.fromkeys(("pointed", "points", "point", "pointing"), "out"),
    **dict.fromkeys(("puts", "put"), "it"),
}
ADDRESSING = _set("told tells tell telling reminded reminds reminding informed informs assured assures")
# Verbs that tell what somebody does as often as what somebody says.
ACTING = _set("continued continues continuing maintained maintains feels viewed")
# What may stand before a single word that is a judgement: `said it was "dangerous"`.
STATING = _set("was is were are be being been as not too")
# Words that titles of works write small.
SMALL_WORDS = _set(
    """
    the a an of and or in on at to for from with by into over about as is but nor vs de la le les des
    der die das
    """
)
