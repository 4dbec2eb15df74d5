"""scripts/generate-monitoring: what is committed is what slo.yml makes, and a wrong slo.yml is refused."""

import re

import pytest
import yaml

from generated import MONITORING, PROMETHEUS, ROOT, generate, loaded, run

TEXT = (MONITORING / "slo.yml").read_text(encoding="utf-8")


def test_the_committed_files_are_what_slo_yml_makes():
    status, said = generate("--check")
    assert status == 0, said


def test_a_file_that_was_changed_by_hand_is_shown(tmp_path):
    generate("--out", tmp_path)
    changed = tmp_path / PROMETHEUS.relative_to(ROOT) / "alerts.yml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("14.4", "144"), encoding="utf-8")
    status, said = generate("--check", "--out", tmp_path)
    assert status == 1
    assert "> 144 * 0.001" in said and "> 14.4 * 0.001" in said and "run scripts/generate-monitoring" in said


def test_a_file_that_is_missing_is_shown(tmp_path):
    status, said = generate("--check", "--out", tmp_path)
    assert status == 1 and "+groups:" in said


def test_the_same_source_makes_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        assert generate("--out", tmp_path / folder) == (0, "")
    assert run("diff", "-r", tmp_path / "one", tmp_path / "two") == (0, "")


def test_generated_yaml_says_so_in_its_first_line(tmp_path):
    generate("--out", tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.suffix in (".yml", ".md")]
    assert len(files) == 4
    for file in files:
        assert "scripts/generate-monitoring" in file.read_text(encoding="utf-8").splitlines()[0]


def test_scaled_by_60_an_hour_is_a_minute_and_promtool_takes_it(tmp_path):
    assert generate("--scale", 60, "--out", tmp_path) == (0, "")
    folder = tmp_path / PROMETHEUS.relative_to(ROOT)
    status, said = run("promtool", "check", "rules", "--lint=all", "--lint-fatal",
                       folder / "recording.yml", folder / "alerts.yml")
    assert status == 0, said
    rules = {rule["alert"]: rule for rule in loaded(folder / "alerts.yml")["groups"][0]["rules"]}
    fast = rules["AvailabilityBurn1h"]["expr"]
    assert "ratio_rate1m\n" in fast and "ratio_rate5s\n" in fast
    assert rules["CommentsDown"]["for"] == "2s"
    assert "[10s]" in rules["StoreErrors"]["expr"]
    assert loaded(folder / "recording.yml")["groups"][0]["interval"] == "500ms"


def test_scaled_files_do_not_replace_the_committed_ones():
    status, said = generate("--scale", 60)
    assert status == 2 and "--out" in said


def changed(old, new):
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def without(key):
    """The file without the first line of that key."""
    return re.sub(rf"(?m)^ *{key}: .*\n", "", TEXT, count=1)


def with_cloud(value):
    document = yaml.safe_load(TEXT)
    document["slos"][0]["cloud"] = value
    return yaml.safe_dump(document)


def twice(name):
    document = yaml.safe_load(TEXT)
    document["alerts"] += [alert for alert in document["alerts"] if alert["name"] == name]
    return yaml.safe_dump(document)


@pytest.mark.parametrize("text, complaint", [
    (changed("interval:", "intervall:"), "slo.yml: 'interval' is missing"),
    (TEXT + "colour: red\n", "slo.yml: unknown key 'colour'"),
    (changed("    when_blind: fire", "    when_blnd: fire"),
     "alert 1 (CommentsDown): unknown key 'when_blnd'; did you mean 'when_blind'?"),
    (without("summary"), "slo 1: 'summary' is missing"),
    (changed("    summary: No instance answers\n", ""), "alert 1 (CommentsDown): 'summary' is missing"),
    (changed("summary: No instance answers", "summary: ' '"),
     "alert 1 (CommentsDown): summary: expected a text, found ' '"),
    (changed("objective: 99.9", "objective: 100"),
     "slo 1: objective: 100 leaves no budget; it must be below 100"),
    (changed("objective: 99.9", "objective: much"),
     "slo 1: objective: expected a number above 0, found 'much'"),
    (changed("objective: 99 ", "objective: 90 "),
     "slo latency, burn over 1h: 14.4 times a budget of 0.1 is more than all requests: it would never fire"),
    (changed("within: 0.1 ", "within: 0.12 "), "slo 2: within: no bucket ends at 0.12; there are 0.0005"),
    (changed("within: 0.1 ", "# "), "slo latency: nothing is called $within; write $$ for a dollar sign"),
    (changed("period: 30d", "period: 2d"), "slo availability, burn over 3d: longer than the period of 2d"),
    (changed("period: 30d", "period: 90d"),
     "slo availability: period: Cloud Monitoring takes 1 to 30 whole days"),
    (changed("period: 30d", "period: 100h"),
     "slo availability: period: Cloud Monitoring takes 1 to 30 whole days"),
    (changed("      good: >-", "      goood: >-"), "slo 1, cloud: unknown key 'goood'; did you mean 'good'?"),
    (changed("      good: >-", "      distribution: >-"), "slo 1, cloud: either good and all, or distribution"),
    (with_cloud("none"), "slo 1: cloud: expected keys and values, found 'none'"),
    (with_cloud({}), "slo 1, cloud: either good and all, or distribution"),
    (with_cloud({"good": "a", "all": "b", "distribution": "c"}), "slo 1, cloud: either good and all, or"),
    (with_cloud({"good": "a", "distribution": "c"}), "slo 1, cloud: either good and all, or distribution"),
    (with_cloud({"distribution": "c"}), "slo availability, cloud: a distribution needs within"),
    (changed('label."job"="$job"', 'label."job"="$jobb"'), "slo latency, cloud: nothing is called $jobb; write $$"),
    (changed("period: 30d", "period: a month"), "'a month' is no duration; write 30s, 5m, 6h or 3d"),
    (changed("[$window]", "[5m]").replace("[$window]", "[5m]", 1), "slo 1: bad: without [$window] it is"),
    (changed("short: 5m", "short: 2h"), "burn 1: the short window (2h) must be shorter than the long one (1h)"),
    (changed("min_requests: 150", "min_requests: 50"),
     "slo availability, burn over 1h: with 50 requests one failure alone fires; raise min_requests"),
    (changed("severity: page", "severity: loud"), "severity: 'loud' is none of page, ticket, none"),
    (changed("where: [prometheus, grafana]", "where: [nagios]"),
     "where: 'nagios' is none of prometheus, grafana"),
    (changed('$job"}) == 0 or', '$jobb"}) == 0 or'), "alert CommentsDown: nothing is called $jobb; write $$"),
    (changed('$job"}) == 0 or', '$"}) == 0 or'), "alert CommentsDown: a lone $; write $$ for a dollar sign"),
    (changed("name: CommentsDown", "name: comments down"), "a name is a word of letters and digits"),
    (changed("docs/runbooks/ ", "docs/runbooks "), "runbook_base: 'docs/runbooks' must end in /"),
    (twice("Watchdog"), "two alerts are called 'Watchdog'"),
    (changed("max_instances: 10", "max_instances: none"),
     "limits: expected a whole number from 1 on, found 'none'"),
    ("alerts: [", "no YAML"),
    ("- 1", "slo.yml: expected keys and values, found [1]"),
])
def test_a_wrong_slo_file_is_refused_in_one_line(tmp_path, text, complaint):
    file = tmp_path / "slo.yml"
    file.write_text(text, encoding="utf-8")
    status, said = generate("--slo", file, "--out", tmp_path / "out")
    assert status == 1
    assert complaint in said and len(said.splitlines()) == 1, said
    assert not (tmp_path / "out").exists()


def test_an_slo_file_that_is_not_there_is_named(tmp_path):
    status, said = generate("--slo", tmp_path / "none.yml", "--out", tmp_path)
    assert status == 1 and "none.yml: No such file" in said
