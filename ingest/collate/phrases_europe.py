"""The phrases of German, French, Spanish, Italian, Portuguese and Dutch publications."""

from __future__ import annotations

from ingest.collate.phrases import LETTER, NETWORKS, Phrases, either, line, words


def german() -> Phrases:
    """Return the German phrases."""
    return Phrases(
        ask=words(
            r"(?:unterstützen|unterstütze|unterstützt) (?:sie|du|ihr)?\s?(?:bitte )?(?:uns|unsere)\b",
            r"(?:ihre|deine|eure) (?:\w+ )?(?:unterstützung|spende|hilfe|beitrag)\b",
            r"(?:bitte )?spenden sie\b",
            r"jetzt spenden",
            r"jede[rn]? (?:spende|beitrag|euro)\b",
            r"wir brauchen (?:sie|dich|ihre|deine|eure)\b",
            r"schon ab \d",
            r"mit (?:nur )?\d+ euro",
            r"(?:werden sie|werde) (?:jetzt )?(?:mitglied|unterstützer|förder)",
        ),
        own=words(
            r"unser(?:e|en|er|em)? (?:\w+ )?(?:journalismus|redaktion|berichterstattung|recherchen?|arbeit als redaktion|leser)",
            r"unabhängige[nrs]? (?:\w+ )?(?:journalismus|medien|berichterstattung|presse)",
            r"freie presse",
            r"leserfinanziert|werbefrei",
        ),
        near=words(r"(?:wir|uns|unser\w*|sie|ihr|ihre\w*|du|dein\w*)\b"),
        opening=either(
            r"(?:liebe|sehr geehrte) (?:leser|freund).{0,40}$",
            r"(?:eine )?(?:nachricht|bitte|botschaft) (?:der|von|an) .{2,50}$",
            r"in eigener sache\s*:?$",
            r"bevor (?:sie|du) geh.{0,20}$",
            r"unterstützen sie (?:uns|unsere arbeit).{0,20}$",
        ),
        more=either(
            r"(?:mehr|weitere artikel|weiteres) (?:zum thema|zu .{2,40}|aus .{2,40})\s*:?$",
            r"(?:lesen sie auch|auch interessant|mehr zum thema|das könnte (?:sie|dich) auch interessieren)\s*:?$",
        ),
        button=either(
            r"(?:später erinnern|nicht jetzt|nein,? danke|jetzt (?:spenden|abonnieren|anmelden|unterstützen)|anmelden|mehr anzeigen|alle akzeptieren|nach oben|anzeige|werbung|artikel teilen|kommentare? (?:anzeigen|schreiben)|zur startseite)\.?$",
        ),
        topic=words(
            r"spende|abonn|newsletter|paywall|bezahlschranke|mitglied|journalis|presse|zeitung|medien|cookie|urheberrecht"
        ),
        notice=either(
            r"(?:korrektur|berichtigung|anmerkung|hinweis|richtigstellung|aktualisierung|update)\b"
        ),
        signed=either(r"(?:[\w.'-]+ ){1,4}(?:ist|war|arbeitet|schreibt|berichtet)\b.{0,200}"),
        lines=(
            line(
                "newsletter",
                r"(?:abonnieren|abonniere|melden|melde|bestellen|jetzt|erhalten)\b",
                LETTER,
                r"\b(?:unser\w*|hier|jetzt|kostenlos\w*)\b",
            ),
            line("follow line", r"folgen sie (?:uns|\w+)\b|folge uns\b", NETWORKS, most=30),
            line("copyright line", r".{0,80}\balle rechte vorbehalten\b", most=30),
            line(
                "cookie notice",
                r"(?:diese (?:web)?seite|wir|unsere (?:web)?seite|durch die nutzung)\b",
                r"(?:verwende|nutz|setz|einsatz)\w* .{0,30}cookies",
                most=80,
            ),
            line("share bar", r"(?:artikel|beitrag|auf) (?:teilen|\w+ teilen)\b", most=10),
            line("link to more", r"(?:lesen sie auch|mehr zum thema|auch interessant)\s*: .", most=30),
        ),
    )


def french() -> Phrases:
    """Return the French phrases."""
    return Phrases(
        ask=words(
            r"soutenez[- ](?:nous|notre)",
            r"(?:votre|vos) (?:soutien|dons?|contributions?|aide)\b",
            r"faites un don",
            r"faire un don\b",
            r"nous avons besoin de (?:vous|votre)",
            r"chaque (?:don|contribution|euro)\b",
            r"à partir de \d",
            r"devenez (?:membre|abonné|donat)",
            r"abonnez[- ]vous",
        ),
        own=words(
            r"notre (?:\w+ )?(?:journalisme|rédaction|journal|travail d'information|média|indépendance)\b",
            r"(?:un|du|le|de) (?:journalisme|presse|média) (?:\w+ )?(?:indépendant|libre|de qualité)",
            r"presse (?:libre|indépendante)",
            r"nos (?:journalistes|lecteurs|enquêtes|reportages)\b",
            r"sans publicité",
        ),
        near=words(r"(?:nous|notre|nos|vous|votre|vos)\b"),
        opening=either(
            r"ch(?:er|ère)s (?:\w+ )?(?:lect|ami).{0,40}$",
            r"un message (?:de|du|à) .{2,50}$",
            r"avant de (?:partir|nous quitter).{0,20}$",
            r"soutenez[- ](?:nous|notre \w+).{0,20}$",
        ),
        more=either(
            r"(?:à lire aussi|lire aussi|lire la suite|sur le même (?:sujet|thème)|à lire également|nos articles? sur .{2,40})\s*:?$"
        ),
        button=either(
            r"(?:me le rappeler plus tard|plus tard|non,? merci|s'abonner|je (?:m'abonne|fais un don|soutiens.{0,20})|faire un don|s'inscrire|publicité|partager(?: (?:cet article|sur .{2,30}))?|tout accepter|haut de page|voir (?:plus|les commentaires)|(?:laisser|ajouter) un commentaire)\.?$"
        ),
        topic=words(
            r"dons?\b|abonn|newsletter|adhésion|journalis|presse\b|journaux|médias?\b|cookie|droit d'auteur"
        ),
        notice=either(r"(?:correction|rectificatif|précision|erratum|mise à jour|note de la rédaction)\b"),
        signed=either(
            r"(?:[\w.'-]+ ){1,4}est (?:journaliste|professeur|chercheu|correspondant|chroniqueu|auteur).{0,200}"
        ),
        lines=(
            line(
                "newsletter",
                r"(?:inscrivez|abonnez)[- ]vous\b",
                LETTER + r"|lettre",
                r"\b(?:notre|nos|ici|gratuit\w*)\b",
            ),
            line("newsletter", r"recevez\b", LETTER + r"|lettre", r"\b(?:notre|nos|votre)\b"),
            line("follow line", r"suivez[- ]nous\b|retrouvez[- ]nous\b", NETWORKS, most=30),
            line("copyright line", r".{0,80}\btous droits réservés\b", most=30),
            line(
                "cookie notice",
                r"(?:ce site|nous|notre site|en poursuivant)\b",
                r"(?:utilis\w+|dépôt|usage) .{0,30}cookies",
                most=80,
            ),
            line("link to more", r"(?:à lire aussi|lire aussi|à lire également)\s*: .", most=30),
        ),
    )


def spanish() -> Phrases:
    """Return the Spanish phrases."""
    return Phrases(
        ask=words(
            r"(?:apóy[ae]nos|apoya a|apoya nuestro|ayúd[ae]nos)\b",
            r"(?:tu|su|vuestro) (?:\w+ )?(?:apoyo|donación|aporte|contribución|ayuda)\b",
            r"haz(?:te)? (?:una donación|soci[oa]|un donativo)",
            r"necesitamos (?:tu|su|de ti)\b",
            r"cada (?:donación|aporte|euro|contribución)\b",
            r"desde (?:solo|sólo) \d",
            r"dona (?:ahora|hoy|aquí)",
            r"considere? (?:hacer una donación|apoyar)",
        ),
        own=words(
            r"nuestr[oa]s? (?:\w+ )?(?:periodismo|redacción|cobertura|periodistas|lectores|investigaciones|periódico)\b",
            r"(?:periodismo|prensa|medio) (?:\w+ )?(?:independiente|libre|de calidad)",
        ),
        near=words(r"(?:nosotros|nuestr[oa]s?|nos|tu|tus|tú|su|usted|lectores)\b"),
        opening=either(
            r"(?:querid|estimad)[oa]s? (?:lector|amig).{0,40}$",
            r"un mensaje (?:de|a) .{2,50}$",
            r"antes de (?:irte|que te vayas).{0,20}$",
            r"apoya (?:nuestro|el) periodismo.{0,20}$",
        ),
        more=either(
            r"(?:lea también|lee también|leer más|te puede interesar|más (?:noticias|sobre) .{0,40}|noticias relacionadas|artículos relacionados)\s*:?$"
        ),
        button=either(
            r"(?:recuérdamelo más tarde|recordar más tarde|ahora no|no,? gracias|suscríbete(?: ahora)?|dona(?:r)?(?: ahora)?|publicidad|compartir(?: (?:en .{2,30}|este artículo))?|aceptar(?: todo)?|volver arriba|ver (?:más|comentarios)|(?:deja|dejar) un comentario)\.?$"
        ),
        topic=words(r"dona|suscri|boletín|periodis|prensa|periódico|medios|cookie|derechos de autor|membres"),
        notice=either(
            r"(?:corrección|rectificación|fe de errat?as|aclaración|actualización|nota (?:del editor|de la redacción))\b"
        ),
        signed=either(
            r"(?:[\w.'-]+ ){1,4}es (?:periodista|profesora?|corresponsal|columnista|investigador|escritor).{0,200}"
        ),
        lines=(
            line(
                "newsletter",
                r"(?:suscríbe[ts]e|suscríbase|regístrate|recibe|apúntate)\b",
                LETTER,
                r"\b(?:nuestr[oa]s?|aquí|gratis|tu correo|ahora)\b",
            ),
            line("follow line", r"(?:síguenos|síganos|seguinos)\b", NETWORKS, most=30),
            line("copyright line", r".{0,80}\btodos los derechos reservados\b", most=30),
            line(
                "cookie notice",
                r"(?:este sitio|esta (?:página|web)|nosotros|utilizamos|usamos|al continuar)\b",
                r"\bcookies\b",
                r"utiliza|usa|uso",
                most=80,
            ),
            line("link to more", r"(?:lea también|lee también|te puede interesar)\s*: .", most=30),
        ),
    )


def italian() -> Phrases:
    """Return the Italian phrases."""
    return Phrases(
        ask=words(
            r"(?:sostienici|sostieni (?:il nostro|la nostra)|aiutaci)\b",
            r"(?:il tuo|il vostro|la tua|la vostra) (?:\w+ )?(?:sostegno|contributo|donazione|aiuto|supporto)\b",
            r"fai una donazione",
            r"abbiamo bisogno (?:di te|del tuo|del vostro)",
            r"ogni (?:donazione|contributo|euro)\b",
            r"a partire da \d",
            r"dona (?:ora|adesso|oggi)",
            r"abbonati\b",
        ),
        own=words(
            r"(?:il nostro|la nostra|i nostri|le nostre) (?:\w+ )?(?:giornalismo|redazione|giornale|giornalisti|lettori|inchieste)\b",
            r"(?:giornalismo|informazione|stampa) (?:\w+ )?(?:indipendente|liber[ao]|di qualità)",
        ),
        near=words(r"(?:noi|nostr[oaie]|vostr[oaie]|tu[oaie]?|voi|lettori)\b"),
        opening=either(
            r"car[ei] (?:lett|amic).{0,40}$",
            r"un messaggio (?:da|di|dalla|del|ai) .{2,50}$",
            r"prima di andare.{0,20}$",
            r"sostieni (?:il nostro giornalismo|l'informazione).{0,20}$",
        ),
        more=either(
            r"(?:leggi anche|leggi tutto|per approfondire|articoli correlati|altri articoli.{0,40}|potrebbe interessarti.{0,10})\s*:?$"
        ),
        button=either(
            r"(?:ricordamelo più tardi|non ora|no,? grazie|abbonati(?: ora)?|iscriviti|dona(?: ora)?|pubblicità|condividi(?: (?:su .{2,30}|questo articolo))?|accetta(?: tutti)?|torna su|mostra (?:altro|commenti)|lascia un commento)\.?$"
        ),
        topic=words(r"dona[rz]|abbon|newsletter|giornalis|stampa|giornali|media\b|cookie|diritto d'autore"),
        notice=either(
            r"(?:correzione|rettifica|errata corrige|precisazione|aggiornamento|nota della redazione)\b"
        ),
        signed=either(
            r"(?:[\w.'-]+ ){1,4}è (?:un |una )?(?:giornalista|professor|corrispondente|scrittor|ricercator).{0,200}"
        ),
        lines=(
            line(
                "newsletter",
                r"(?:iscriviti|iscrivetevi|abbonati|ricevi)\b",
                LETTER,
                r"\b(?:nostr[oaie]|qui|gratis|gratuit\w*|ora|per (?:ricevere|restare|rimanere))\b",
            ),
            line("follow line", r"(?:seguici|seguiteci)\b", NETWORKS, most=30),
            line(
                "copyright line", r".{0,80}\b(?:tutti i diritti riservati|riproduzione riservata)\b", most=30
            ),
            line(
                "cookie notice",
                r"(?:questo sito|noi|utilizziamo|usiamo|proseguendo)\b",
                r"\bcookies?\b",
                r"utilizz|usa|uso",
                most=80,
            ),
            line("link to more", r"(?:leggi anche|per approfondire)\s*: .", most=30),
        ),
    )


def portuguese() -> Phrases:
    """Return the Portuguese phrases."""
    return Phrases(
        ask=words(
            r"(?:apoie|ajude)(?:-nos| o nosso| a nossa)?\b",
            r"(?:seu|sua|vosso|o seu) (?:\w+ )?(?:apoio|doação|contribuição|donativo|ajuda)\b",
            r"faça uma doação",
            r"precisamos (?:de você|de si|do seu|da sua)",
            r"cada (?:doação|contribuição|real|euro)\b",
            r"a partir de (?:apenas )?(?:r\$ ?)?\d",
            r"doe (?:agora|hoje)",
            r"assine (?:já|agora|hoje)",
        ),
        own=words(
            r"noss[oa]s? (?:\w+ )?(?:jornalismo|redação|cobertura|jornalistas|leitores|reportagens|jornal)\b",
            r"(?:jornalismo|imprensa) (?:\w+ )?(?:independente|livre|de qualidade)",
        ),
        near=words(r"(?:nós|noss[oa]s?|nos|você|vocês|seu|sua|vosso|leitores)\b"),
        opening=either(
            r"(?:car|querid|prezad)[oa]s? (?:leitor|amig).{0,40}$",
            r"uma mensagem (?:de|do|da|aos) .{2,50}$",
            r"antes de (?:ir|sair).{0,20}$",
            r"apoie (?:o|nosso) jornalismo.{0,20}$",
        ),
        more=either(
            r"(?:leia também|leia mais|ler mais|saiba mais|notícias relacionadas|mais (?:notícias|sobre) .{0,40})\s*:?$"
        ),
        button=either(
            r"(?:lembrar mais tarde|lembre-me mais tarde|agora não|não,? obrigad[oa]|assine(?: já| agora)?|doe(?: agora)?|publicidade|compartilh(?:ar|e)(?: .{2,30})?|partilhar|aceitar(?: todos)?|voltar ao topo|ver (?:mais|comentários)|deixe um comentário)\.?$"
        ),
        topic=words(r"doa[rçd]|assina|newsletter|jornalis|imprensa|jornais|mídia|cookie|direitos? autora"),
        notice=either(
            r"(?:correção|retificação|errata|esclarecimento|atualização|nota (?:do editor|da redação))\b"
        ),
        signed=either(
            r"(?:[\w.'-]+ ){1,4}é (?:jornalista|professora?|correspondente|colunista|pesquisador|escritor).{0,200}"
        ),
        lines=(
            line(
                "newsletter",
                r"(?:assine|inscreva-se|subscreva|receba|cadastre-se)\b",
                LETTER,
                r"\b(?:noss[oa]s?|aqui|grátis|gratuit\w*|seu e-?mail|agora)\b",
            ),
            line("follow line", r"(?:siga(?:-nos| a gente)|siga (?:o|a) \S+ no)\b", NETWORKS, most=30),
            line("copyright line", r".{0,80}\btodos os direitos reservados\b", most=30),
            line(
                "cookie notice",
                r"(?:este (?:site|portal)|nós|utilizamos|usamos|ao continuar)\b",
                r"\bcookies\b",
                r"utiliza|usa|uso",
                most=80,
            ),
            line("link to more", r"(?:leia também|leia mais)\s*: .", most=30),
        ),
    )


def dutch() -> Phrases:
    """Return the Dutch phrases."""
    return Phrases(
        ask=words(
            r"(?:steun|help) (?:ons|onze)\b",
            r"(?:uw|jouw|je) (?:\w+ )?(?:steun|donatie|bijdrage|hulp|gift)\b",
            r"doneer (?:nu|vandaag|hier)",
            r"we hebben (?:u|je|jou|uw|jouw) .{0,15}nodig",
            r"(?:elke|iedere) (?:bijdrage|donatie|euro)\b",
            r"(?:al )?vanaf (?:€ ?)?\d",
            r"wordt? (?:lid|vriend|abonnee|donateur)\b",
        ),
        own=words(
            r"onze (?:\w+ )?(?:journalistiek|redactie|verslaggeving|journalisten|lezers|krant|onderzoeksverhalen)\b",
            r"(?:onafhankelijke|vrije|goede) (?:\w+ )?(?:journalistiek|pers|media)\b",
        ),
        near=words(r"(?:wij|we|ons|onze|u|uw|je|jij|jouw|lezers)\b"),
        opening=either(
            r"beste (?:lezer|vriend).{0,40}$",
            r"een (?:bericht|boodschap|oproep) (?:van|aan) .{2,50}$",
            r"voordat (?:u|je) gaat.{0,20}$",
            r"steun (?:ons|onze journalistiek).{0,20}$",
        ),
        more=either(
            r"(?:lees (?:ook|meer|verder)|meer (?:over|van|nieuws).{0,40}|gerelateerde artikelen|ook interessant)\s*:?$"
        ),
        button=either(
            r"(?:herinner me later|niet nu|nee,? (?:bedankt|dank je)|abonneer(?: nu)?|doneer(?: nu)?|word (?:lid|abonnee)|advertentie|(?:deel|delen)(?: (?:dit artikel|op .{2,30}))?|accepteren|alles accepteren|terug naar boven|toon (?:meer|reacties)|plaats een reactie)\.?$"
        ),
        topic=words(
            r"done(?:er|ren)|donatie|abonn|nieuwsbrief|journalis|pers\b|krant|media\b|cookie|auteursrecht"
        ),
        notice=either(
            r"(?:correctie|rectificatie|verbetering|verduidelijking|aanvulling|noot van de redactie)\b"
        ),
        signed=either(
            r"(?:[\w.'-]+ ){1,4}is (?:een )?(?:journalist|verslaggever|correspondent|columnist|hoogleraar|redacteur).{0,200}"
        ),
        lines=(
            line(
                "newsletter",
                r"(?:schrijf|meld|abonneer|ontvang)\b",
                LETTER + r"|nieuwsbrief",
                r"\b(?:onze|hier|gratis|nu)\b",
            ),
            line("follow line", r"volg ons\b", NETWORKS, most=30),
            line("copyright line", r".{0,80}\balle rechten voorbehouden\b", most=30),
            line(
                "cookie notice",
                r"(?:deze (?:web)?site|wij|we|onze (?:web)?site|door verder)\b",
                r"\bcookies\b",
                r"gebruik",
                most=80,
            ),
            line("link to more", r"(?:lees ook)\s*: .", most=30),
        ),
    )


MAKERS = {
    "de": german,
    "fr": french,
    "es": spanish,
    "it": italian,
    "pt": portuguese,
    "nl": dutch,
}
