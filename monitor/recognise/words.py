"""What walls say, by language, folded: phrases of visible text, as data.

A phrase counts only on a page that has little else to say; most of these also stand in the scripts of good pages, and
some in their text.
"""

ERROR_PAGE = {
    "en": (
        r"something (?:went|has gone) wrong",
        r"this (?:page|content) (?:isn't|is not|is no longer|is currently not) available",
        r"(?:page|content|document) (?:isn't|is not|wasn't|was not|could not be|cannot be|can't be) "
        r"(?:available|found|displayed|loaded)",
        r"(?:sorry, )?(?:we )?(?:couldn't|could not|can't|cannot) (?:find|load|display) (?:this|that|the|your) page",
        r"an (?:unexpected |internal )?error (?:has )?occurred",
        r"application error",
        r"internal server error",
        r"client-side exception",
        r"\b(?:404|410|500|502|503|504)\b.{0,30}(?:error|not found|bad gateway|unavailable)",
        r"the link you followed may (?:be broken|have expired)",
        r"the page may have been removed",
        r"page not found",
        r"this may be because of a technical error",
        r"try (?:reloading|refreshing) (?:this|the) page",
        r"service unavailable",
        r"there(?:'s| is| was) (?:a|an) (?:technical )?(?:error|problem) (?:with|loading|processing)",
    ),
    "de": (
        r"diese (?:seite|inhalte?) (?:ist|sind) (?:momentan |derzeit |leider )?nicht (?:verfügbar|erreichbar)",
        r"seite (?:wurde )?nicht gefunden",
        r"(?:es ist )?ein (?:unerwarteter )?fehler (?:ist )?aufgetreten",
        r"etwas ist schiefgelaufen",
        r"technische[nr]? fehler",
        r"die seite konnte nicht (?:geladen|gefunden|angezeigt) werden",
    ),
    "fr": (
        r"cette page n'est (?:pas|plus) disponible",
        r"page (?:introuvable|non trouvée)",
        r"une erreur (?:inattendue )?(?:s'est produite|est survenue)",
        r"un problème est survenu",
        r"ce contenu n'est pas disponible",
    ),
    "es": (
        r"esta página no está disponible",
        r"página no encontrada",
        r"(?:se ha producido|ocurrió|ha ocurrido) un error",
        r"algo (?:salió|ha salido) mal",
        r"este contenido no está disponible",
    ),
    "it": (
        r"(?:questa )?pagina non (?:è )?(?:disponibile|trovata)",
        r"si è verificato un (?:errore|problema)",
        r"qualcosa è andato storto",
    ),
    "nl": (
        r"deze pagina is (?:momenteel )?niet beschikbaar",
        r"pagina niet gevonden",
        r"er is (?:een fout|iets misgegaan|iets fout)",
    ),
    "pl": (
        r"ta strona jest (?:obecnie )?niedostępna",
        r"nie znaleziono strony",
        r"(?:wystąpił|pojawił się) (?:nieoczekiwany )?błąd",
        r"coś poszło nie tak",
    ),
    "pt": (
        r"esta página não está disponível",
        r"página não encontrada",
        r"(?:ocorreu|aconteceu) um erro",
        r"algo (?:deu|correu) (?:errado|mal)",
    ),
}

LOGIN = {
    "en": (
        r"log ?in",
        r"sign ?in",
        r"you must (?:be logged|log) in",
        r"forgot(?:ten)? (?:your )?password",
        r"create (?:new|an) account",
    ),
    "de": (r"anmelden", r"einloggen", r"passwort vergessen", r"konto erstellen"),
    "fr": (r"se connecter", r"connectez-vous", r"connexion", r"mot de passe oublié", r"créer un compte"),
    "es": (r"iniciar sesión", r"inicia sesión", r"¿(?:has )?olvidaste? (?:tu )?contraseña", r"crear (?:una )?cuenta"),
    "it": (r"accedi", r"password dimenticata", r"crea (?:un )?(?:nuovo )?account"),
    "nl": (r"aanmelden", r"inloggen", r"wachtwoord vergeten"),
    "pl": (r"zaloguj się", r"nie pamiętasz hasła", r"utwórz (?:nowe )?konto"),
    "pt": (r"iniciar sessão", r"entrar", r"esqueceu a (?:senha|palavra-passe)", r"criar (?:nova )?conta"),
}

BOT_CHECK = {
    "en": (
        r"(?:verify|confirm|prove) (?:that )?you(?:'re| are) (?:a )?(?:human|not a robot)",
        r"checking (?:if the site connection is secure|your browser)",
        r"enable javascript and cookies to continue",
        r"unusual (?:traffic|activity)",
        r"are you a (?:robot|human)",
        r"(?:complete|solve) (?:the|this) captcha",
        r"just a moment\.\.\.",
        r"access (?:to this page has been )?denied",
        r"you don't have permission to access",
        r"security check",
        r"you have been blocked",
        r"performing security verification",
    ),
    "de": (
        r"bestätigen sie, dass sie (?:ein mensch|kein roboter) sind",
        r"ungewöhnlichen datenverkehr",
        r"sicherheitsprüfung",
        r"zugriff verweigert",
    ),
    "fr": (
        r"vérifiez que vous (?:êtes humain|n'êtes pas un robot)",
        r"trafic exceptionnel",
        r"vérification de sécurité",
        r"accès refusé",
    ),
    "es": (
        r"(?:verifica|confirma) que (?:eres humano|no eres un robot)",
        r"tráfico inusual",
        r"comprobación de seguridad",
        r"acceso denegado",
    ),
    "it": (
        r"verifica di (?:essere umano|non essere un robot)",
        r"traffico insolito",
        r"controllo di sicurezza",
        r"accesso negato",
    ),
    "nl": (
        r"bevestig dat je (?:een mens|geen robot) bent",
        r"ongebruikelijk verkeer",
        r"beveiligingscontrole",
        r"toegang geweigerd",
    ),
    "pl": (
        r"potwierdź, że (?:jesteś człowiekiem|nie jesteś robotem)",
        r"nietypowy ruch",
        r"kontrola bezpieczeństwa",
        r"odmowa dostępu",
    ),
    "pt": (
        r"(?:verifique|confirme) que (?:é humano|não é um robô|você é humano)",
        r"tráfego (?:incomum|invulgar)",
        r"verificação de segurança",
        r"acesso negado",
    ),
}

RATE_LIMITED = {
    "en": (
        r"too many requests",
        r"rate limit(?:ed| exceeded)?",
        r"you(?:'re| are) temporarily blocked",
        r"going too fast",
    ),
    "de": (r"zu viele anfragen", r"vorübergehend blockiert"),
    "fr": (r"trop de (?:requêtes|demandes)", r"temporairement bloqué"),
    "es": (r"demasiadas (?:solicitudes|peticiones)", r"bloqueado temporalmente"),
    "it": (r"troppe richieste", r"temporaneamente bloccat"),
    "nl": (r"te veel (?:verzoeken|aanvragen)", r"tijdelijk geblokkeerd"),
    "pl": (r"zbyt wiele (?:żądań|zapytań)", r"tymczasowo zablokowan"),
    "pt": (r"(?:demasiados|muitos) pedidos", r"muitas solicitações", r"temporariamente bloquead"),
}

MAINTENANCE = {
    "en": (
        r"(?:down|under|scheduled|undergoing) (?:for )?(?:scheduled )?maintenance",
        r"we'll be (?:right )?back (?:soon|shortly)",
        r"temporarily (?:down|unavailable|offline)",
    ),
    "de": (r"wartungsarbeiten", r"wird (?:gerade )?gewartet", r"vorübergehend nicht (?:verfügbar|erreichbar)"),
    "fr": (r"(?:en|opération de) maintenance", r"temporairement indisponible"),
    "es": (r"(?:en|tareas de) mantenimiento", r"temporalmente (?:fuera de servicio|no disponible)"),
    "it": (r"(?:in|per) manutenzione", r"temporaneamente non disponibile"),
    "nl": (r"(?:in|voor) onderhoud", r"tijdelijk niet beschikbaar"),
    "pl": (r"(?:prace|przerwa) (?:konserwacyjne|techniczn[ae])", r"tymczasowo niedostępn"),
    "pt": (r"(?:em|para) manutenção", r"temporariamente indisponível"),
}

REDIRECT = {
    "en": (
        r"redirecting(?: you)? to\b",
        r"you (?:are being|will be) redirected",
        r"click here if you are not redirected",
    ),
    "de": (r"(?:du wirst|sie werden) (?:weitergeleitet|umgeleitet)", r"weiterleitung (?:zu|auf)"),
    "fr": (r"redirection (?:vers|en cours)", r"vous allez être redirigé"),
    "es": (r"redirigiendo a", r"(?:serás|será|está siendo) redirigid"),
    "it": (r"reindirizzamento (?:a|verso)", r"verrai reindirizzat"),
    "nl": (r"je wordt (?:doorgestuurd|omgeleid)", r"doorverwijzing naar"),
    "pl": (r"przekierowanie (?:do|na)", r"nastąpi przekierowanie"),
    "pt": (r"(?:a )?redirecion(?:ando|ar) para", r"(?:será|serás) redirecionad"),
}

CONSENT = {
    "en": (
        r"allow (?:all|the use of) cookies",
        r"accept (?:all )?(?:cookies)?",
        r"we (?:use|value).{0,60}(?:cookies|privacy)",
        r"before you continue",
    ),
    "de": (
        r"alle cookies (?:erlauben|akzeptieren|zulassen)",
        r"verwendung von cookies",
        r"bevor (?:sie|du) fort(?:fahren|fährst)",
    ),
    "fr": (r"(?:autoriser|accepter) (?:tous )?les cookies", r"utilisation de(?:s)? cookies", r"avant de continuer"),
    "es": (r"(?:permitir|aceptar) (?:todas )?las cookies", r"uso de (?:las )?cookies", r"antes de continuar"),
    "it": (r"(?:consenti|accetta) (?:tutti i )?cookie", r"uso dei cookie", r"prima di continuare"),
    "nl": (r"(?:alle )?cookies (?:toestaan|accepteren)", r"gebruik van cookies", r"voordat je verdergaat"),
    "pl": (r"(?:zezwól na|akceptuj) (?:wszystkie )?pliki cookie", r"korzystanie z plików cookie", r"zanim przejdziesz"),
    "pt": (
        r"(?:permitir|aceitar) (?:todos os )?cookies",
        r"utilização de cookies|uso de cookies",
        r"antes de continuar",
    ),
}

# The commonest words of a language that few others have.
STOPWORDS = {
    "en": "the of and to in that is with for you your this are or as by from have we our not when which",
    "de": "der die und das den von zu mit ist nicht für auf sich dem ein eine wir sie werden oder wenn ihre deine",
    "fr": "le la les des et une dans que pour vous nous est votre sur par avec qui pas aux ces vos ou du",
    "es": "el los las que una para con por del tu sus es como más nuestro información sobre cuando puede y",
    "it": "il che di per una con del della le gli sono tuoi nostri alla nel anche come più informazioni e",
    "nl": "de het een van en voor met je zijn niet op die wij ook dat aan we worden of bij jouw onze",
    "pl": "i w na z do się nie że jest oraz dla przez lub o które jak od twoje nasze informacje użytkownika",
    "pt": "o os as que uma para com por do da não em seu sua dos das você nós nosso informações sobre ou",
    "sv": "och att det som en på är av för med den till inte ett du vi dina eller kan om vår",
    "da": "og at det som en på er af for med den til ikke et du vi dine eller kan om vores",
    "tr": "ve bir bu için ile olarak daha veya gibi olan kadar sizin bilgi bilgileri ne da de",
}

# Paths that only a sign-in page has.
LOGIN_PATHS = ("/login", "/signin", "/sign-in", "/accounts/login", "/checkpoint", "/servicelogin", "/auth/")
