"""What scripts/generate-monitoring is made of: slo.py reads, the rest writes. A module with outputs
exposes `outputs(slo) -> dict[path from the project's root, text]`."""
