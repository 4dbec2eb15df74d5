"""Who is woken finds a runbook: short, complete, and about what exists."""

import re

import pytest

from generated import ALERTS, POLICIES, PROMETHEUS, ROOT, RUNBOOKS, SOURCE, TARGETS, as_prometheus_rules, loaded

HEADINGS = ["What it means", "Look at", "Do", "It worked when"]
FILES = sorted(path.name for path in RUNBOOKS.glob("*.md") if path.name != "README.md")
OPTIONS = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "cli").glob("*.cpp")))


def text_of(file):
    return (RUNBOOKS / file).read_text(encoding="utf-8")


def runbook_of(rule):
    url = rule["annotations"]["runbook_url"]
    assert url.startswith(SOURCE.runbook_base)
    return url.removeprefix(SOURCE.runbook_base)


@pytest.mark.parametrize("target", TARGETS)
def test_every_alert_has_a_runbook(target):
    if target == "cloud":
        named = {policy["runbook"] for policy in loaded(POLICIES)["policies"].values()}
    else:
        named = {runbook_of(rule) for rule in as_prometheus_rules(target).values()}
    assert named - set(FILES) == set()


@pytest.mark.parametrize("file", FILES)
def test_every_runbook_has_an_alert_which_it_names(file):
    alerts = [name for name, rule in ALERTS.items() if "annotations" in rule and runbook_of(rule) == file]
    assert alerts
    first = text_of(file).splitlines()[0]
    assert first.startswith(f"# {file.removesuffix('.md')}: ")
    for name in alerts:
        assert re.sub(r"Burn(6h|1d|3d)$", "Burn1h", name) in text_of(file)


@pytest.mark.parametrize("file", FILES)
def test_a_runbook_has_the_four_headings_and_fits_on_a_screen(file):
    lines = text_of(file).splitlines()
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS
    assert len(lines) <= 40


@pytest.mark.parametrize("file", FILES)
def test_a_runbook_has_something_to_look_at_on_a_dashboard_and_by_a_command(file):
    look = text_of(file).split("## Look at")[1].split("## Do")[0]
    assert re.search(r"\*(Overview|API|Store|Cloud Run|Deployments)\*", look)
    assert "comments status --url" in look


@pytest.mark.parametrize("file", ["README.md", *FILES])
def test_links_lead_somewhere(file):
    for link in re.findall(r"\]\(([^)]+)\)", text_of(file)):
        assert (RUNBOOKS / link).exists(), link


@pytest.mark.parametrize("file", FILES)
def test_settings_of_ours_exist(file):
    """An option with `--`, in backquotes, or its variable; those of other programs are known by name."""
    others = {"ulimit"}
    for option in re.findall(r"`--([a-z-]+)", text_of(file)):
        assert option in others or f'"--{option}"' in OPTIONS, option
    for variable in re.findall(r"`(COMMENTS_[A-Z_]+)`", text_of(file)):
        option = variable.removeprefix("COMMENTS_").lower().replace("_", "-")
        assert f'"--{option}"' in OPTIONS, variable


def test_the_index_lists_every_alert_once():
    rows = re.findall(r"(?m)^\| \[(\w+)\]", text_of("README.md"))
    assert sorted(rows) == sorted(ALERTS)
