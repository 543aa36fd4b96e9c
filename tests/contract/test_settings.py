"""What the reader of the environment promises."""

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.errors import SettingsError
from monitor.settings import SETTINGS, Secret, settings_from


def test_without_any_variable_everything_has_a_default(tmp_path: Path) -> None:
    settings = settings_from({"OPTOUT_DATA": str(tmp_path), "HOME": "/somewhere"})

    assert settings.places.watchlist == tmp_path / "watchlist.yaml"
    assert settings.places.database.reveal() == f"sqlite:///{tmp_path}/state/monitor.db"
    assert settings.site.url == "http://127.0.0.1:8000/"
    assert settings.fetching.pause == timedelta(seconds=10)
    assert settings.fetching.limit_bytes == 20_000_000
    assert settings.fetching.allow_loopback is False
    assert settings.mail.api == "https://api.sendgrid.com"
    assert settings.upkeep.retention is None


def test_every_variable_can_be_set() -> None:
    settings = settings_from(
        {
            "OPTOUT_DATA": "/data",
            "OPTOUT_PUBLIC": "site",
            "OPTOUT_SITE_URL": "https://optout.example/under/here",
            "OPTOUT_CONTACT": "https://optout.example/contact",
            "OPTOUT_MAINTAINERS": "a@example.org, b@example.org",
            "OPTOUT_SENDGRID_REGION": "eu",
            "OPTOUT_MAIL_FROM": "Optout News <news@example.org>",
            "OPTOUT_ALLOW_LOOPBACK": "yes",
            "OPTOUT_PROXIES": "de=http://user:word@proxy.example:3128 br=http://other.example:80",
            "OPTOUT_RETENTION": "104w",
            "OPTOUT_TIMESTAMP_URL": "http://tsa.example/tsr",
            "OPTOUT_TIMESTAMP_CA": "/etc/tsa.pem",
        }
    )

    assert settings.places.public == Path("/data/site")
    assert settings.site.url == "https://optout.example/under/here/"
    assert settings.mail.maintainers == ("a@example.org", "b@example.org")
    assert settings.mail.api == "https://api.eu.sendgrid.com"
    assert (settings.mail.sender_name, settings.mail.sender) == ("Optout News", "news@example.org")
    assert settings.fetching.allow_loopback is True
    assert settings.fetching.proxies["de"].reveal() == "http://user:word@proxy.example:3128"
    assert settings.upkeep.retention == timedelta(weeks=104)
    assert settings.upkeep.timestamp_url == "http://tsa.example/tsr"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("OPTOUT_SENDGRID_KYE", "x", "no such setting (the nearest is OPTOUT_SENDGRID_KEY)"),
        ("OPTOUT_PAUSE", "ten", "expected a span such as 30s, 10m, 12h or 7d, not 'ten'"),
        ("OPTOUT_PORT", "70000", "expected a whole number from 0 to 65535, not '70000'"),
        ("OPTOUT_PORT", "-1", "expected a whole number from 0 to 65535, not '-1'"),
        (
            "OPTOUT_SITE_URL",
            "http://optout.example/",
            "expected an https address (http only on this machine), not 'http://optout.example/'",
        ),
        (
            "OPTOUT_SITE_URL",
            "https://user:word@optout.example/",
            "expected an https address (http only on this machine), not 'https://user:word@optout.example/'",
        ),
        ("OPTOUT_SENDGRID_REGION", "us", "expected global or eu, not 'us'"),
        ("OPTOUT_ALLOW_LOOPBACK", "maybe", "expected yes or no, not 'maybe'"),
        ("OPTOUT_MAINTAINERS", "a@example.org, nobody", "expected mail addresses separated by commas"),
        ("OPTOUT_SITE_TITLE", "Title\r\nBcc: all@example.org", "expected one line without control characters"),
        ("OPTOUT_TIMESTAMP_URL", "ftp://tsa.example/", "expected an http or https address, not 'ftp://tsa.example/'"),
    ],
)
def test_a_wrong_variable_is_named_with_what_was_expected(name: str, value: str, problem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({name: value})

    assert caught.value.where == name
    assert str(caught.value).startswith(f"{name}: {problem}")


def test_an_authority_without_its_root_certificates_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^OPTOUT_TIMESTAMP_CA: expected the file with the root certificates"):
        settings_from({"OPTOUT_TIMESTAMP_URL": "http://tsa.example/"})


def test_secrets_show_neither_in_a_listing_nor_in_an_error() -> None:
    settings = settings_from(
        {
            "OPTOUT_SENDGRID_KEY": "SG.hush",
            "OPTOUT_PROXIES": "de=http://user:hush@proxy.example:1",
            "OPTOUT_DATABASE": "postgresql://user:hush@db.example/monitor",
        }
    )

    assert settings.mail.key.reveal() == "SG.hush"
    assert "hush" not in repr(settings)
    assert f"{settings.mail.key}" == "***"
    with pytest.raises(SettingsError) as caught:
        settings_from({"OPTOUT_PROXIES": "de=socks5://user:hush@proxy.example"})
    assert "hush" not in str(caught.value)


def test_an_empty_secret_is_false() -> None:
    assert not Secret("")
    assert str(Secret("")) == ""


def test_every_setting_is_in_the_reference() -> None:
    reference = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text("utf-8")

    for name, setting in SETTINGS.items():
        shown = f"`{setting.default}`" if setting.default else "empty"
        secret = " Secret." if setting.secret else ""
        assert f"| `{name}` | {shown} | {setting.meaning}{secret} |" in reference


def test_settings_cannot_be_changed() -> None:
    settings = settings_from({})

    for part in fields(settings):
        with pytest.raises(AttributeError):
            setattr(settings, part.name, None)
