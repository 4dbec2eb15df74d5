"""One request in twenty fails: whoever is on call is told, by mail and by chat, and told again when it is over.

Everything is real but time and addresses: the service's errors, Prometheus with the rules that
monitoring/slo.yml makes (windows 120 times shorter: 30 s and 2.5 s for 1 h and 5 m), Alertmanager with its
committed routes, templates and receivers. The chat is Slack's form of message at a local webhook.
"""

import contextlib
import http.server
import json
import pathlib
import subprocess
import threading
import urllib.parse

import pytest
import yaml

import mail_sink
import monitoring_servers
import service
from monitoring_servers import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCALE = "120"
ALERT = "AvailabilityBurn1h"


class Webhook(http.server.ThreadingHTTPServer):
    """What Alertmanager posts, as values."""

    def __init__(self):
        posted = self.posted = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802  http.server's name
                posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def alertmanager_configuration(folder, mail_port, webhook_url):
    """The committed one, with local addresses and no patience."""
    file = ROOT / "monitoring/alertmanager/alertmanager.yml"
    configuration = yaml.safe_load(file.read_text(encoding="utf-8"))
    url_file = folder / "slack_webhook_url"
    url_file.write_text(webhook_url, encoding="utf-8")
    configuration["global"] = {"smtp_smarthost": f"127.0.0.1:{mail_port}", "smtp_from": "alerts@example.com",
                               "smtp_require_tls": False, "slack_api_url_file": str(url_file)}
    configuration["templates"] = [str(file.parent / "templates/*.tmpl")]
    for route in (configuration["route"], *configuration["route"]["routes"]):
        route.update(group_wait="100ms", group_interval="500ms")
    return configuration


@contextlib.contextmanager
def load(one):
    """Reads and more reads, until the end of the `with`."""
    stop = threading.Event()

    def ask():
        connection = one.connect()
        while not stop.is_set():
            service.exchange(connection, "GET", "/api/comment/list/1")
    readers = [threading.Thread(target=ask) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        stop.set()
        for reader in readers:
            reader.join()


@pytest.fixture
def watched(start, tmp_path):
    """(the service, Prometheus, the mails, the chat)"""
    one = start(binary=service.find_binary("COMMENTS_FLAKY_STORE_SERVE"))
    assert one.post(service.new_comment(1, "so that there is a thread")).status == 200
    rules = tmp_path / "generated"
    subprocess.run([ROOT / "scripts/generate-monitoring", "--scale", SCALE, "--out", rules], check=True)
    admin = urllib.parse.urlsplit(one.find_in_log("serving")["admin_url"]).netloc
    with mail_sink.MailSink() as mails, Webhook() as chat, \
            monitoring_servers.alertmanager(
                tmp_path, alertmanager_configuration(tmp_path, mails.port, chat.url)) as alertmanager, \
            monitoring_servers.prometheus(
                tmp_path, [admin], alertmanager=alertmanager,
                rules=sorted((rules / "monitoring/prometheus").glob("*.yml"))) as prometheus:
        yield one, prometheus, mails.mails, chat.posted


def firing(prometheus):
    return {labels["alertname"] for labels, _ in prometheus.query('ALERTS{alertstate="firing"}')}


def about(words, texts):
    return [text for text in texts if words in text and ALERT in text]


def test_five_percent_of_errors_reach_whoever_is_on_call_and_so_does_their_end(watched, tmp_path):
    one, prometheus, mails, chat = watched
    flaky = tmp_path / "flaky"

    def mail_texts():
        return [str(message["Subject"]) + message.get_body(("plain",)).get_content()
                for recipients, message in mails if recipients == ["oncall@example.com"]]

    def chat_texts():
        return [json.dumps(message) for message in chat if message["channel"] == "#comments-oncall"]

    with load(one):
        all_is_well = 'job:slo_availability_requests:rate30s{job="comments"} * 30 > 150'
        wait_until(lambda: prometheus.query(all_is_well), "more than 150 requests")
        assert firing(prometheus) == {"Watchdog"}

        flaky.touch()
        wait_until(lambda: ALERT in firing(prometheus), f"{ALERT} to fire")
        lately = "job:slo_availability_bad_per_request:ratio_rate2500ms"
        wait_until(lambda: prometheus.query(f"0.045 < {lately} < 0.055"), "one request in twenty to fail")
        wait_until(lambda: about("FIRING", mail_texts()), "the mail")
        wait_until(lambda: about("FIRING", chat_texts()), "the message in the chat")

        flaky.unlink()
        wait_until(lambda: ALERT not in firing(prometheus), f"{ALERT} to end")
        wait_until(lambda: about("RESOLVED", mail_texts()), "the mail that it is over")
        # The slower burn goes on a while, and keeps the message's title: this line tells of ours.
        wait_until(lambda: about(f"{ALERT}, page, over", chat_texts()), "the message that it is over")
    mail, message = about("FIRING", mail_texts())[0], about("FIRING", chat_texts())[0]
    for text in (mail, message):
        assert "Too many requests fail" in text
        assert "docs/runbooks/AvailabilityBurn.md" in text
    print(f"{len(mails)} mails, {len(chat)} messages")
