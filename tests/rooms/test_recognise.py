"""Recognition: why a capture is not the page, with the words that say so; and pages that only look like walls."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract import extract, surface
from monitor.model.capture import Capture, Refusal, RefusalReason
from monitor.model.finding import Normal
from monitor.model.page import Page, PageId, PageKind, Presence
from monitor.recognise import recognise
from tests.rooms.pages import URL, capture

PAGE = Page(id=PageId("page"), url=URL, kind=PageKind.POLICY, language="en")
NORMAL = Normal(
    chars=20_000, language="en", title="Privacy Policy | Service", headings=("Privacy Policy", "Your rights")
)
PROSE = "We use the information that you give us for the purposes which are set out in this policy. "


def html(inside: str, title: str = "Privacy Policy", language: str = "en") -> str:
    return f'<html lang="{language}"><head><title>{title}</title></head><body>{inside}</body></html>'


def policy(repeated: int = 225, extra: str = "") -> str:
    return html(f"<h1>Privacy Policy</h1><h2>Your rights</h2><p>{PROSE * repeated}</p>{extra}")


def refusal(sample: Capture | str, page: Page = PAGE, normal: Normal = NORMAL) -> Refusal | None:
    sample = capture(sample) if isinstance(sample, str) else sample
    document = extract(sample, page.recipe)
    return recognise(page, sample, document, surface(sample, page.present), normal)


def why(sample: Capture | str, page: Page = PAGE, normal: Normal = NORMAL) -> RefusalReason | None:
    found = refusal(sample, page, normal)
    return found.why if found else None


def test_the_page_is_accepted_first_and_later() -> None:
    assert why(policy()) is None
    assert why(policy(), normal=Normal()) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, RefusalReason.HTTP_ERROR),
        (500, RefusalReason.HTTP_ERROR),
        (429, RefusalReason.RATE_LIMITED),
    ],
)
def test_an_error_status_is_believed(status: int, reason: RefusalReason) -> None:
    sample = replace(capture(policy()), status=status)

    assert refusal(sample) == Refusal(reason, (f"HTTP status {status}",))


def test_a_status_of_503_with_a_word_on_it_is_maintenance() -> None:
    sample = replace(capture(html("<p>We are down for maintenance.</p>")), status=503)

    assert why(sample) is RefusalReason.MAINTENANCE


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<h2>This page isn’t available</h2><p>Try reloading the page.</p>", RefusalReason.ERROR_PAGE),
        ("<p>Application error: a client-side exception has occurred</p>", RefusalReason.ERROR_PAGE),
        ("<h1>Diese Seite ist momentan nicht verfügbar</h1>", RefusalReason.ERROR_PAGE),
        ("<h1>Cette page n’est pas disponible</h1>", RefusalReason.ERROR_PAGE),
        ("<h1>Esta página no está disponible</h1>", RefusalReason.ERROR_PAGE),
        ("<h1>Pagina non trovata</h1>", RefusalReason.ERROR_PAGE),
        ("<h1>Deze pagina is niet beschikbaar</h1>", RefusalReason.ERROR_PAGE),
        ("<h1>Ta strona jest niedostępna</h1>", RefusalReason.ERROR_PAGE),
        ("<h1>Página não encontrada</h1>", RefusalReason.ERROR_PAGE),
        ("<p>Checking your browser before accessing</p>", RefusalReason.BOT_CHECK),
        ("<p>Please verify you are human.</p>", RefusalReason.BOT_CHECK),
        ("<p>Access denied. You don't have permission to access this.</p>", RefusalReason.BOT_CHECK),
        ("<p>Too many requests. Try again later.</p>", RefusalReason.RATE_LIMITED),
        ("<p>We'll be back soon.</p>", RefusalReason.MAINTENANCE),
        ("<p>Redirecting to legal.service.example</p>", RefusalReason.REDIRECT_PAGE),
        ("<p>Sie werden weitergeleitet</p>", RefusalReason.REDIRECT_PAGE),
        ("<form><input type='password' name='pass'><button>Log in</button></form>", RefusalReason.LOGIN_WALL),
        ("<form><input type='password' name='p'><button>Anmelden</button></form>", RefusalReason.LOGIN_WALL),
        ("<div role='dialog'><p>Allow the use of cookies?</p></div>", RefusalReason.CONSENT_WALL),
        ("<p>Cookies akzeptieren? Alle Cookies erlauben</p>", RefusalReason.CONSENT_WALL),
        ("<div id='root'></div>", RefusalReason.EMPTY_SHELL),
        ("<nav><a href='/'>Menu</a></nav><h1>Privacy Policy</h1>", RefusalReason.EMPTY_SHELL),
    ],
)  # fmt: skip
@pytest.mark.parametrize("normal", [Normal(), NORMAL])
def test_walls_errors_and_shells_are_recognised_by_what_is_visible(
    inside: str, reason: RefusalReason, normal: Normal
) -> None:
    assert why(html(inside), normal=normal) is reason


@pytest.mark.parametrize("body", ["%PDF-1.7 privacy policy", "GIF89a privacy policy"])
def test_a_file_that_is_no_text_is_unreadable(body: str) -> None:
    assert why(body) is RefusalReason.UNREADABLE


def test_a_refusal_quotes_what_says_so() -> None:
    found = refusal(html("<h2>This page isn’t available</h2>"))

    assert found == Refusal(RefusalReason.ERROR_PAGE, ("“this page isn't available”", "25 characters of main text"))


@pytest.mark.parametrize(
    "phrase",
    [
        "If something went wrong, this page isn't available, or you have been blocked, tell us.",
        "You must log in to object. Forgot password? We use cookies; allow all cookies.",
        "You may not bypass rate limits; too many requests are refused. We may be down for maintenance.",
    ],
)
def test_phrases_of_walls_within_the_page_are_only_text(phrase: str) -> None:
    assert why(policy(extra=f"<p>{phrase}</p>")) is None


def test_phrases_in_scripts_count_for_nothing() -> None:
    assert why(policy(extra="<script>var e='Something went wrong'</script>")) is None


def test_a_login_box_beside_the_page_is_no_wall() -> None:
    assert why(policy(extra="<form><input type='password' name='p'><button>Log in</button></form>")) is None


def test_a_cookie_dialog_beside_the_page_is_no_wall() -> None:
    dialog = "<div role='dialog'><p>Allow the use of cookies?</p><button>Allow all cookies</button></div>"

    assert why(policy(extra=dialog)) is None


def test_being_sent_to_sign_in_is_a_login_wall() -> None:
    sample = replace(capture(html("<p>Welcome</p>")), final_url="https://service.example/login/?next=%2Fprivacy")

    assert refusal(sample) == Refusal(
        RefusalReason.LOGIN_WALL, ("sent to https://service.example/login/?next=%2Fprivacy",)
    )


def test_a_meta_refresh_elsewhere_is_a_redirect_page() -> None:
    body = '<head><meta http-equiv="Refresh" content="0; url=/new"></head><body>Moved</body>'

    assert why(body) is RefusalReason.REDIRECT_PAGE


def test_a_short_form_is_the_page() -> None:
    form = "<form><h1>Object to the use of your data</h1><label>E-mail <input name='m'></label>" + (
        "<label>How does the use of your data affect you? Please explain. <textarea name='w'></textarea></label></form>"
    )

    assert why(html(form), normal=Normal()) is None


def test_declared_content_must_be_there() -> None:
    page = replace(PAGE, present=Presence(selectors=("#policy",), phrases=("Right to Object",)))
    found = refusal(policy(), page)

    assert found is not None
    assert found.why is RefusalReason.MISSING_CONTENT
    assert found.evidence[:2] == ("selector #policy matches nothing", "“Right to Object” is nowhere on the page")


def test_declared_content_that_is_there_is_found_in_any_typography() -> None:
    page = replace(PAGE, present=Presence(selectors=("h1",), phrases=("Don’t forget: YOUR rights",)))

    assert why(policy(extra="<p>Don't forget: your rights.</p>"), page) is None


@pytest.mark.parametrize(
    ("language", "usual", "expected"),
    [
        ("de", "en", RefusalReason.WRONG_LANGUAGE),
        ("en-GB", "en-us", None),
        ("en", "", None),
    ],
)
def test_another_declared_language_than_usual_is_refused(
    language: str, usual: str, expected: RefusalReason | None
) -> None:
    body = html(f"<h1>Privacy Policy</h1><p>{PROSE * 225}</p>", language=language)

    assert why(body, normal=replace(NORMAL, language=usual)) is expected


def test_without_a_declared_language_the_words_tell() -> None:
    german = "Wir verwenden die Informationen, die du uns gibst, für die Zwecke der Richtlinie. "
    body = f"<title>Privacy Policy</title><h1>Privacy Policy</h1><p>{german * 200}</p>"

    assert refusal(body) == Refusal(RefusalReason.WRONG_LANGUAGE, ("its words are de", "expected en"))


def test_a_template_that_declares_another_language_than_its_words_is_accepted_at_first_sight() -> None:
    body = html(f"<h1>Privacy Policy</h1><p>{PROSE * 225}</p>", language="de")

    assert why(body, normal=Normal()) is None


def test_another_article_at_the_address_is_refused() -> None:
    body = html(f"<h1>What to know about the new app</h1><p>{PROSE * 225}</p>", title="What to know | Service")

    assert why(body) is RefusalReason.OTHER_DOCUMENT


def test_the_same_document_under_another_title_is_accepted() -> None:
    body = policy().replace("<title>Privacy Policy</title>", "<title>How we use your data</title>")

    assert why(body) is None


def test_under_half_of_the_usual_text_is_truncated() -> None:
    assert why(policy(45)) is RefusalReason.TRUNCATED
    assert why(policy(150)) is None


def test_a_long_document_of_its_own_may_be_shorter_than_the_one_before() -> None:
    assert why(policy(70), normal=replace(NORMAL, chars=40_000)) is None


def test_markup_that_ends_in_the_middle_is_truncated_when_text_is_missing() -> None:
    whole = policy()

    assert why(whole[: len(whole) * 4 // 5]) is RefusalReason.TRUNCATED


def test_only_headings_are_not_the_page() -> None:
    headings = "".join(f"<h2>A heading of the policy, number {i}, with many words in it</h2>" for i in range(150))

    assert why(html(headings)) is RefusalReason.TRUNCATED


@given(st.text(max_size=200), st.integers(100, 599), st.integers(0, 50_000))
def test_whatever_comes_there_is_an_answer_with_evidence(text: str, status: int, chars: int) -> None:
    found = refusal(replace(capture(text), status=status), normal=replace(NORMAL, chars=chars))

    assert found is None or all(found.evidence)
