"""The lists as bars, in SVG: requests/s and CPU time a request, peer by peer. Text is text, and the
colours follow the reader's light or dark scheme."""

import html

import goals

LOAD = 64
ROW, BAR, LABELS, WIDE, GAP = 30, 16, 208, 220, 72
STYLE = """
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}
.small{font-size:12px;fill:#59636e}.head{font-weight:600}.ours{font-weight:600}
.bar{fill:#afb8c1}.bar.ours{fill:#0969da}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.bar{fill:#545d68}
.bar.ours{fill:#4493f8}}"""


def panel(x, title, values, unit):
    """Bars from `x` on, the longest as wide as a panel; values stand behind them."""
    longest = max(values.values(), default=1) or 1
    lines = [f'<text class="head" x="{x}" y="52">{html.escape(title)}</text>']
    for at, (row, value) in enumerate(values.items()):
        y = 66 + ROW * at
        ours = " ours" if row == goals.OURS else ""
        width = max(2, round(WIDE * value / longest))
        lines.append(f'<rect class="bar{ours}" x="{x}" y="{y}" width="{width}" height="{BAR}" '
                     f'rx="2"/>')
        lines.append(f'<text class="small{ours}" x="{x + width + 6}" y="{y + 13}">'
                     f'{unit.format(value)}</text>')
    return lines


def draw(measured, facts):
    rows = [(row, figures) for row, load, figures in measured.rows("list")
            if load == str(LOAD) and not row.startswith("comments, ")]
    rows.sort(key=lambda one: -one[1]["requests_per_s"])
    right = LABELS + WIDE + GAP
    width, height = right + WIDE + GAP, 66 + ROW * len(rows) + 26
    size = facts.get("list_bytes") or 0
    lines = [f'<text class="head" x="12" y="24">A list of 20 comments ({size / 1000:.1f} kB), '
             f'{LOAD} keep-alive connections, one run, the load on the same cores</text>']
    for at, (row, _) in enumerate(rows):
        ours = ' class="ours"' if row == goals.OURS else ""
        lines.append(f'<text{ours} x="12" y="{79 + ROW * at}">{html.escape(row)}</text>')
    lines += panel(LABELS, "requests/s: more is better",
                   {row: figures["requests_per_s"] for row, figures in rows}, "{:,.0f}")
    lines += panel(right, "server CPU a request: less is better",
                   {row: figures["cpu_us"] for row, figures in rows}, "{:.1f} µs")
    settings = facts.get("settings", {})
    lines.append(f'<text class="small" x="12" y="{height - 10}">scripts/bench http, medians of '
                 f'{settings.get("rounds", "?")} interleaved rounds of '
                 f'{settings.get("seconds", "?")} s; the seed\'s workers keep no connection alive'
                 f'</text>')
    body = "\n".join(lines)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="Requests per second and CPU time a request, by server">\n'
            f'<style>{STYLE}\n</style>\n{body}\n</svg>\n')
