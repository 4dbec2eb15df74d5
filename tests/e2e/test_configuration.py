"""What a service says of its own settings when it starts: all of them, resolved, no secret."""

import re
import socket

import service

ANOTHER_NAME = {  # in the log, where it says what was made of the setting
    "store_password_file": "store_password", "drain_delay": "drain_delay_s",
    "idle_timeout": "idle_timeout_s",
}


def test_the_log_shows_every_setting_that_the_help_names(start, comments):
    shown = start().find_in_log("configuration")
    settings = re.findall(r"^  --([a-z-]+)", comments("serve", "--help").stdout, re.MULTILINE)
    names = {name.replace("-", "_") for name in settings} - {"config"}
    assert len(names) > 15
    assert {ANOTHER_NAME.get(name, name) for name in names} - set(shown) == set()


def test_the_log_shows_what_was_resolved_from_flags_environment_and_defaults(start, tmp_path):
    (tmp_path / "password").write_text("hunter2\n")
    one = start("--email-visibility", "masked", "--rate-limit-email", "10/min",
                "--cors-origin", "https://a.example,https://b.example", "--cache-size", "1MiB",
                "--drain-delay", "500ms", "--idle-timeout", "620s", "--store-password-file", str(tmp_path / "password"),
                COMMENTS_TRUSTED_PROXIES="2", COMMENTS_LOG_LEVEL="debug", PORT="1")
    shown = one.find_in_log("configuration")
    assert {name: shown[name] for name in (
        "host", "port", "admin_host", "admin_port", "email_visibility", "rate_limit_address",
        "rate_limit_email", "trusted_proxies", "cors_origin", "cache_size", "cache_entry_max",
        "log_level", "log_format", "drain_delay_s", "idle_timeout_s", "store", "store_password",
        "store_connections")} == {
            "host": "0.0.0.0", "port": 0, "admin_host": "127.0.0.1", "admin_port": 0,
            "email_visibility": "masked", "rate_limit_address": "off",
            "rate_limit_email": "10/min", "trusted_proxies": 2,
            "cors_origin": "https://a.example,https://b.example", "cache_size": 1 << 20,
            "cache_entry_max": 16 << 20, "log_level": "debug", "log_format": "json",
            "drain_delay_s": 0.5, "idle_timeout_s": 620, "store": f"sqlite:{tmp_path / 'comments.db'}",
            "store_password": "***", "store_connections": 6}
    assert "hunter2" not in one.log_file.read_text()


def test_a_connection_without_a_request_is_closed_when_the_setting_says(start):
    one = start("--idle-timeout", "1s")
    with socket.create_connection(("127.0.0.1", one.port), timeout=service.DEADLINE) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        while connection.recv(4096):
            pass
