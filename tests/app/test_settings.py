"""A wrong configuration stops with one sentence: the key, the line, the remedy, and never a secret."""

import os
from pathlib import Path

import pytest

from holdline.app.configuration import ConfigurationError, load_configuration, read_settings

SECRET = "987654321:AAdeadbeef_very-secret"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine's own environment and folder must not speak here."""
    for name in [name for name in os.environ if name.startswith("HOLDLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "desk.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[telegram]\ntokn = "x"',
            "line 2: telegram.tokn is not a key of Holdline; did you mean telegram.token?",
        ),
        ("[dask]\nundo_seconds = 3", "line 1: dask is not a key of Holdline; did you mean desk?"),
        (
            "# first\n[web]\n\nport = '80'",
            "line 4: web.port has the wrong type: write a whole number without quotes",
        ),
        ("[web]\nport = 99999", "line 2: web.port is out of range"),
        ("[telegram]\nadmins = 5", "line 2: telegram.admins has the wrong type: write a list in brackets"),
        ("[telegram]\nadmins = [\n  -100\n]", "line 2: telegram.admins must list Telegram ids of people"),
        ("[telegram]\nstaff_group = 12", "line 2: telegram.staff_group must be a supergroup's id"),
        ('[desk]\nlanguage = "fr"', "line 2: desk.language must be one of 'en', 'ru' or 'pl'"),
        (
            "[desk]\nonly_if_unassigned = 1",
            "line 2: desk.only_if_unassigned has the wrong type: write true or false",
        ),
        ('[store]\nurl = "mysql://x"', "line 2: store.url must be"),
        ('telegram.intake = "webhook"', 'line 1: telegram.intake = "webhook" needs telegram.webhook_url'),
        (
            '[telegram]\nintake = "webhook"\nwebhook_secret = "s"\nwebhook_url = "http://desk.example.com/x"',
            "line 4: telegram.webhook_url must begin with https://",
        ),
        (
            '[telegram]\nintake = "webhook"\nwebhook_secret = "s"\nwebhook_url = "https://desk.example.com:8080/x"',
            "line 4: telegram.webhook_url must use one of the ports that Telegram calls (443, 80, 88, 8443)",
        ),
        ('[mail]\nsmtp_url = "http://x"', "line 2: mail.smtp_url must be an address such as smtp://"),
        ('[mail]\nfrom = "Desk <a@b.org>"', "line 2: mail.from must be one plain address"),
        ('[mail]\nfrom_ = "a@b.org"', "line 2: mail.from_ is not a key of Holdline; did you mean mail.from?"),
        ('[web]\nhost = ""', "line 2: web.host must not be empty"),
        (
            '[telegram]\nwebhook_url = "https://desk.example.com:port/x"',
            "line 2: telegram.webhook_url must be an address",
        ),
        ("web = 5", "line 1: web has the wrong type: write it as a section"),
        ("[limits]\nper_second = inf", "line 2: limits.per_second is out of range"),
        (
            "[limits]\nper_chat_per_second = -1",
            "line 2: limits.per_chat_per_second must not be below 0; write 0 for no limit",
        ),
        ("[telegram", "is not TOML"),
        (f"[telegram]\nadmins = [1]\ntoken = {SECRET}", "line 3: put the value of telegram.token in quotes."),
        ("[store]\nurl = sqlite:///desk.db", "line 2: put the value of store.url in quotes."),
        ("[web]\nhost = localhost", "line 2: put the value of web.host in quotes."),
        ('[web]\nhost = "localhost', "is not TOML"),
    ],
)
def test_a_wrong_key_is_named_with_its_line_and_its_remedy(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as stopped:
        read_settings(written(tmp_path, text))
    assert sentence in str(stopped.value)
    assert "desk.toml" in str(stopped.value)


@pytest.mark.parametrize(
    "text",
    [
        f'[telegram]\ntokn = "{SECRET}"',
        f"[telegram]\ntoken = {SECRET}",
        f'[telegram]\ntoken = "{SECRET} "',
        f'[telegram]\nadmins = "{SECRET}"',
        f'[store]\nurl = "{SECRET}"',
        f'[telegram]\ntoken = "{SECRET}"\nintake = "webhook"',
    ],
)
def test_a_refusal_never_repeats_a_possible_secret(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError) as stopped:
        read_settings(written(tmp_path, text))
    assert SECRET not in str(stopped.value)


def test_settings_never_show_the_token(tmp_path: Path) -> None:
    settings = read_settings(
        written(tmp_path, f'[telegram]\ntoken = "{SECRET}"\n[store]\nurl = "postgresql://u:pw@h/d"')
    )
    assert SECRET not in repr(settings) + str(settings)
    assert "pw@" not in repr(settings)
    assert settings.bot_id == 987654321


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDLINE_WEB__PORT", "9000")
    monkeypatch.setenv("HOLDLINE_TELEGRAM__ADMINS", "[7, 8]")
    monkeypatch.setenv("HOLDLINE_DESK__ANNOUNCE_CLOSED", "true")
    settings = read_settings(written(tmp_path, '[web]\nport = 80\nhost = "::1"'))
    assert (settings.web.port, settings.web.host) == (9000, "::1")
    assert (settings.rules.admins, settings.rules.announce_closed) == ((7, 8), True)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HOLDLINE_WEB__PROT", "1", "HOLDLINE_WEB__PROT in the environment: web.prot is not a key"),
        ("HOLDLINE_WEB__PORT", "x", "HOLDLINE_WEB__PORT in the environment: web.port has the wrong type"),
        (
            "HOLDLINE_TELEGRAM__ADMINS",
            "1;2",
            "HOLDLINE_TELEGRAM__ADMINS in the environment is unreadable; a list",
        ),
        (
            "HOLDLINE_TELEGRAM_TOKEN",
            "1:a",
            "HOLDLINE_TELEGRAM_TOKEN in the environment sets nothing; write HOLDLINE_TELEGRAM__TOKEN",
        ),
        (
            "HOLDLINE_TELEGRAM__STAFF__GROUP",
            "-1",
            "HOLDLINE_TELEGRAM__STAFF__GROUP in the environment sets nothing; write HOLDLINE_TELEGRAM__STAFF_GROUP",
        ),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=sentence):
        read_settings(None)


def test_without_a_file_name_the_default_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        ConfigurationError, match=r"no holdline.toml in this folder .*--config.*`holdline init`"
    ):
        load_configuration(None)
    with monkeypatch.context() as patched:
        patched.setenv("HOLDLINE_WEB__PORT", "82")
        assert load_configuration(None).path is None
    (tmp_path / "holdline.toml").write_text("[web]\nport = 81\n")
    assert load_configuration(None).settings.web.port == 81


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"`holdline init --to .*nowhere\.toml`"):
        read_settings(tmp_path / "nowhere.toml")


def test_a_limit_of_zero_is_no_limit(tmp_path: Path) -> None:
    text = "[limits]\nper_second = 0\nper_chat_per_second = 0\ngroup_per_minute = 0"
    rules = read_settings(written(tmp_path, text)).rules
    assert (rules.per_second, rules.per_chat_per_second, rules.group_per_minute) == (0, 0, 0)


@pytest.mark.parametrize("api_base", ["https://api.telegram.org", "http://127.0.0.1:8081"])
@pytest.mark.parametrize(
    "path",
    ["/api/v1/outbound", "/api/v1", "/healthz/", "//metrics", "/status", "/readyz", "/%61pi/v1/x", "/{any}"],
)
def test_a_webhook_at_an_address_of_ours_is_refused(tmp_path: Path, api_base: str, path: str) -> None:
    config = tmp_path / "desk.toml"
    config.write_text(
        f'[telegram]\nintake = "webhook"\nwebhook_secret = "s"\napi_base = "{api_base}"\n'
        f'webhook_url = "https://desk.example.com{path}"\n'
    )
    with pytest.raises(
        ConfigurationError, match=r"line 5: telegram.webhook_url must not .*such as /telegram"
    ):
        read_settings(config)


@pytest.mark.parametrize("path", ["", "/", "/telegram", "/api/telegram", "/statuses", "/api/v10"])
def test_a_webhook_at_any_other_address_is_accepted(tmp_path: Path, path: str) -> None:
    config = tmp_path / "desk.toml"
    config.write_text(
        '[telegram]\nintake = "webhook"\nwebhook_secret = "s"\n'
        f'webhook_url = "https://desk.example.com{path}"\n'
    )
    assert read_settings(config).telegram.intake == "webhook"
