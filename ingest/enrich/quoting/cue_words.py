"""Words that introduce what somebody says, by language, and the words around a speaker.

Hand-written; verbs that are often plain nouns are told from them where they are used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.calendars import MONTHS, WEEKDAYS, full_names


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _asides(phrases: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in phrases.split(", "))


@dataclass(frozen=True, kw_only=True)
class CueWords:
    """What one language says around a quotation.

    `cues` introduce any words; `labels` only words that name something, as in `called it`;
    `according` are the openings of `according to somebody`, in up to two words; `aside` is what may
    stand between a verb and its subject, as `por su parte` does.
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
    aside: tuple[tuple[str, ...], ...] = ()
    drops_subject: bool = False
    bare_nouns: bool = False


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
        ever only simply merely afterwards afterward soon first finally softly slowly kc qc mbe obe cbe
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
        bedauerte bedauert beklagte beklagt mahnte mahnt resümierte bilanzierte kommentierte kommentiert
        erläuterte erläutert begründete begründet bekräftigte bekräftigt versprach verspricht twitterte
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
    by=_set("so"),
    aside=_asides("am morgen, am abend, nach angaben"),
)
FRENCH = CueWords(
    cues=_set(
        """
        dit disait déclaré déclare déclarait expliqué explique ajouté ajoute affirmé affirme assuré
        assure indiqué indique répondu répond répondit demandé demande demanda écrit écrivait souligné
        souligne précisé précise raconté raconte annoncé annonce estimé estime lancé lance confié confie
        rappelé rappelle reconnu reconnaît conclu conclut poursuivi poursuit insisté insiste crié crie
        s'écria murmuré murmura répliqua dénoncé dénonce regretté regrette plaidé plaide promis promet
        témoigné témoigne soupiré soupire résumé résume martelé martèle réagi réagit réjoui souvient
        constaté constate commenté commente averti avertit jugé juge opposé ironisé ironise
        """
    ),
    labels=_set("qualifié qualifie appelé appelle décrit nommé nomme"),
    according=_set("selon d'après"),
    he=_set("il"),
    she=_set("elle"),
    others=_set("je nous on ils elles"),
    determiners=_set("le la les l un une son sa ses leur"),
    prepositions=_set("de du des d à au aux en dans pour par avec sur chez"),
    between=_set("a ont avait avaient est aussi ensuite t encore également s'est s’est se lui leur"),
    by=_set("par"),
    aside=_asides("de son côté, pour sa part, à son tour, quant à lui, quant à elle"),
)
SPANISH = CueWords(
    cues=_set(
        """
        dijo dice dijeron decía dicho declaró declara afirmó afirma explicó explica añadió añade agregó
        agrega preguntó pregunta respondió responde contestó escribió escribe señaló señala aseguró
        asegura indicó indica comentó comenta anunció anuncia advirtió advierte manifestó manifiesta
        subrayó subraya destacó destaca recordó recuerda reconoció reconoce concluyó concluye insistió
        insiste contó cuenta apuntó apunta exclamó gritó susurró proclamó proclama sostuvo sostiene
        lamentó lamenta denunció denuncia admitió admite prometió promete informó opinó opina matizó
        zanjó sentenció relató relata expresó expresa precisó precisa pidió pide celebró
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
    aside=_asides("por su parte, por su lado, a su vez, de su lado, en cambio"),
    drops_subject=True,
)
PORTUGUESE = CueWords(
    cues=_set(
        """
        disse diz disseram dizia dito declarou declara afirmou afirma explicou explica acrescentou
        acrescenta perguntou pergunta respondeu responde escreveu escreve garantiu garante assegurou
        comentou comenta anunciou anuncia alertou alerta avisou advertiu destacou destaca ressaltou
        ressalta lembrou lembra recordou reconheceu reconhece concluiu conclui insistiu insiste contou
        conta gritou exclamou sublinhou sublinha salientou lamentou lamenta denunciou criticou defendeu
        defende admitiu admite prometeu promete observou informou relatou completou frisou confirmou
        """
    ),
    labels=_set("chamou chama classificou classifica qualificou descreveu apelidou"),
    according=_set("segundo conforme"),
    he=_set("ele"),
    she=_set("ela"),
    others=_set("eu nós eles elas você"),
    determiners=_set("o a os as um uma seu sua"),
    prepositions=_set("de do da dos das em no na nos nas ao à aos para por pelo pela com sobre desde"),
    between=_set("havia tinha tem também depois ainda logo então já se"),
    by=_set("por pelo pela"),
    aside=_asides("por sua vez, por seu lado, por seu turno, à chegada"),
    drops_subject=True,
)
ITALIAN = CueWords(
    cues=_set(
        """
        detto dice disse diceva dicono dichiarato dichiara dichiarò affermato afferma affermò spiegato
        spiega spiegò aggiunto aggiunge aggiunse chiesto chiede chiese risposto risponde rispose scritto
        scrive scrisse sottolineato sottolinea assicurato assicura commentato commenta annunciato
        annuncia avvertito avverte ricordato ricorda riconosciuto riconosce concluso conclude insistito
        raccontato racconta raccontò gridato grida esclamato esclamò precisato precisa osservato osserva
        sostenuto sostiene replicato replica confermato conferma denunciato denuncia promesso promette
        ammesso ammette lamentato lamenta telegrafato ribadito ribadisce attacca
        """
    ),
    labels=_set("definito definisce chiamato chiama descritto descrive bollato"),
    according=_set("secondo"),
    he=_set("lui egli"),
    she=_set("lei ella"),
    others=_set("io noi loro essi esse"),
    determiners=_set("il lo la i gli le l un uno una suo sua"),
    prepositions=_set(
        """
        di del dello della dei degli delle a al allo alla ai agli alle da dal dalla in nel nella con per
        su sul sulla tra fra dell all dall nell sull
        """
    ),
    between=_set("ha hanno aveva avevano anche poi ancora subito invece si è ci"),
    by=_set("da dal dalla"),
    aside=_asides("dal canto suo, da parte sua, a sua volta"),
    drops_subject=True,
)
DUTCH = CueWords(
    cues=_set(
        """
        zei zegt zeiden zeggen gezegd verklaarde verklaart legde voegde vroeg vraagt antwoordde antwoordt
        schreef schrijft riep roept waarschuwde waarschuwt benadrukte benadrukt vertelde vertelt liet
        laat stelde stelt vond vindt meldde meldt bevestigde bevestigt beweerde beweert reageerde
        reageert concludeerde concludeert erkende erkent beloofde belooft meende meent betoogde
        """
    ),
    labels=_set("noemde noemt omschreef omschrijft bestempelde"),
    according=_set("volgens aldus"),
    he=_set("hij"),
    she=_set("zij ze"),
    others=_set("ik wij we het men u"),
    determiners=_set("de het een zijn haar hun"),
    prepositions=_set("van in op aan bij met voor naar over onder uit om tot tegen tijdens na"),
    between=_set("heeft had hebben ook later dan nog toen zich al wel"),
    by=_set("aldus"),
    aside=_asides("op zijn beurt, op haar beurt"),
)
SWEDISH = CueWords(
    cues=_set(
        """
        sa sade säger sagt berättar berättade förklarar förklarade svarar svarade frågar frågade skriver
        skrev menar menade anser ansåg tillägger tillade betonar betonade varnar varnade ropade hävdar
        hävdade konstaterar konstaterade meddelar meddelade kommenterar kommenterade medger medgav uppger
        uppgav tycker tyckte
        """
    ),
    labels=_set("kallar kallade kallat beskriver beskrev"),
    according=_set("enligt"),
    he=_set("han"),
    she=_set("hon"),
    others=_set("jag vi de det man ni"),
    determiners=_set("en ett den det sin sitt hans hennes"),
    prepositions=_set("av i på från till med om för vid hos efter under över mot"),
    between=_set("har hade också senare sedan då nu"),
    by=_set("av"),
    aside=_asides("för sin del, å sin sida"),
)
POLISH = CueWords(
    cues=_set(
        """
        powiedział powiedziała powiedzieli mówi mówił mówiła mówią oświadczył oświadczyła dodał dodała
        dodaje stwierdził stwierdziła stwierdza zapewnił zapewniła zapewnia podkreślił podkreśliła
        podkreśla zaznaczył zaznaczyła wyjaśnił wyjaśniła wyjaśnia odpowiedział odpowiedziała odpowiada
        zapytał zapytała pyta napisał napisała pisze ocenił oceniła ocenia ogłosił ogłosiła ostrzegł
        ostrzegła ostrzega przyznał przyznała przyznaje wspomina wspominał wspominała komentuje
        skomentował skomentowała zauważył zauważyła apelował wyznał wyznała krzyknął krzyknęła
        poinformował poinformowała tłumaczy tłumaczył tłumaczyła opowiada uważa
        """
    ),
    labels=_set("nazwał nazwała nazywa określił określiła"),
    according=_set("według zdaniem"),
    he=_set("on"),
    she=_set("ona"),
    others=_set("ja my oni one wy"),
    determiners=_set("ten ta to jego jej ich"),
    prepositions=_set("w we z ze na do od po przed za o u przy dla pod nad między przez"),
    between=_set("też także potem jednak się wczoraj dziś już"),
    by=_set("przez"),
    aside=_asides("ze swojej strony, z kolei"),
    drops_subject=True,
    bare_nouns=True,
)
RUSSIAN = CueWords(
    cues=_set(
        """
        сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет добавил
        добавила добавляет отметил отметила отмечает подчеркнул подчеркнула подчёркивает подчеркивает
        сообщил сообщила сообщает рассказал рассказала рассказывает объяснил объяснила объясняет
        пояснил пояснила ответил ответила отвечает спросил спросила спрашивает написал написала пишет
        считает считал уверен признал признала признаёт признает предупредил предупредила воскликнул
        воскликнула крикнул крикнула напомнил напомнила заверил заверила передал передала уточнил
        уточнила подтвердил подтвердила пообещал пообещала призвал призвала вспоминает вспоминал
        """
    ),
    labels=_set("назвал назвала называет охарактеризовал"),
    according=_set("словам мнению"),
    he=_set("он"),
    she=_set("она"),
    others=_set("я мы они вы"),
    determiners=_set("этот эта это его её ее их"),
    prepositions=_set("в во из с со на к от до по о об у за при для под над между через"),
    between=_set("также потом затем уже тогда при этом позже"),
    aside=_asides("в свою очередь, со своей стороны"),
    drops_subject=True,
    bare_nouns=True,
)
UKRAINIAN = CueWords(
    cues=_set(
        """
        сказав сказала сказали каже говорить говорив говорила заявив заявила заявили заявляє додав додала
        додає зазначив зазначила зазначає підкреслив підкреслила наголосив наголосила повідомив
        повідомила повідомляє розповів розповіла розповідає пояснив пояснила відповів відповіла
        відповідає запитав запитала написав написала пише вважає визнав визнала попередив попередила
        вигукнув вигукнула нагадав нагадала запевнив запевнила уточнив підтвердив підтвердила закликав
        """
    ),
    labels=_set("назвав назвала називає охарактеризував"),
    according=_set("словами думку"),
    he=_set("він"),
    she=_set("вона"),
    others=_set("я ми вони ви"),
    determiners=_set("цей ця це його її їх"),
    prepositions=_set("в у із з зі на до від по про при для під над між через за"),
    between=_set("також потім вже тоді згодом"),
    aside=_asides("у свою чергу, в свою чергу, зі свого боку"),
    drops_subject=True,
    bare_nouns=True,
)
LANGUAGES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pt": PORTUGUESE,
    "it": ITALIAN,
    "nl": DUTCH,
    "sv": SWEDISH,
    "pl": POLISH,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
}

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
ACTING = _set("continued continues continuing maintained maintains feels viewed shared shares share put puts")
# What may stand before a single word that is a judgement: `said it was "dangerous"`.
STATING = _set("was is were are be being been as not too")
# Words that titles of works write small.
SMALL_WORDS = _set(
    """
    the a an of and or in on at to for from with by into over about as is but nor vs through across between
    within without than via per all your our its de la le les des der die das
    """
)
# English verbs whose object may be a title: `she wrote "The Long Way"`.
WRITING = _set("write writes wrote written publish publishes published")
# English verbs of a habit or a beginning, before what is said: `she likes to say`, `he used to say`.
LEADING = _set(
    "like likes liked love loves loved used tend tends tended began begins begun had want wants wanted"
)
SHORTEST_WEEKDAY = 4
# Weekdays of all languages; one may go on, as in `Dienstagabend` and `tisdags`.
WEEKDAY = re.compile(
    "|".join(sorted({name for names in WEEKDAYS.values() for name in names if len(name) >= SHORTEST_WEEKDAY}))
)
