// Draws a dashboard's panels from its own JSON and the answers to its queries, with the components of
// Grafana's UI library. Grafana itself does not run: this is no picture of it.
//
// window.draw({dashboard, rows, answers, from, to}): `answers` is panel id → [{name, times, values}], in
// milliseconds; of the dashboard the rows named in `rows` are drawn, or all.

import { createRoot } from "react-dom/client";
import { createTheme, dateTime, FieldType, getDisplayProcessor, ThemeContext, toDataFrame } from "@grafana/data";
import { BigValue, BigValueColorMode, BigValueGraphMode, PortalContainer, TimeSeries } from "@grafana/ui";

const theme = createTheme({ colors: { mode: "dark" } });
const width = 1440, column = width / 24, unit = 38, gap = 8, title = 30;

const named = { options: (matcher, name) => matcher.id === "byName" ? matcher.options === name
  : new RegExp(matcher.options.replace(/^\/|\/$/g, "")).test(name) };

// What the panel's JSON says of the series of that name.
function configOf(panel, name) {
  const config = structuredClone(panel.fieldConfig.defaults);
  for (const override of panel.fieldConfig.overrides.filter((one) => named.options(one.matcher, name))) {
    for (const { id, value } of override.properties) {
      config[id] = value;
    }
  }
  return { custom: {}, ...config, displayNameFromDS: name };
}

function fieldOf(panel, { name, values }, index) {
  const field = { name, values, type: FieldType.number, config: configOf(panel, name), labels: {},
    state: { seriesIndex: index, displayName: name } };
  return { ...field, display: getDisplayProcessor({ field, theme, timeZone: "utc" }) };
}

function timeField(times) {
  const field = { name: "Time", values: times, type: FieldType.time, config: {}, state: {} };
  return { ...field, display: getDisplayProcessor({ field, theme, timeZone: "utc" }) };
}

function Stat({ panel, answers, size }) {
  const last = answers[0]?.values.at(-1);
  const field = fieldOf(panel, { name: "value", values: [last] }, 0);
  const value = last === undefined ? { text: panel.fieldConfig.defaults.noValue ?? "no data", numeric: 0 }
    : field.display(last);
  return <BigValue theme={theme} {...size} value={{ ...value, title: undefined }}
    colorMode={BigValueColorMode.Value} graphMode={BigValueGraphMode.None} />;
}

function Lines({ panel, answers, size, range }) {
  const frames = answers.map((answer, index) => ({ ...toDataFrame({ fields: [] }), length: answer.times.length,
    fields: [timeField(answer.times), fieldOf(panel, answer, index)] }));
  return <TimeSeries frames={frames} structureRev={1} timeRange={range} timeZone="utc" {...size}
    options={{}} legend={{ ...panel.options.legend, calcs: [] }} />;
}

function Rows({ answers }) {
  return <table><tbody>{answers.map(({ name, values }) =>
    <tr key={name}><td>{name}</td><td>{values.at(-1)}</td></tr>)}</tbody></table>;
}

const drawings = { stat: Stat, timeseries: Lines, table: Rows };

function Panel({ panel, top, answers, range }) {
  const { x, y, w, h } = panel.gridPos;
  const box = { left: x * column + gap / 2, top: (y - top) * unit, width: w * column - gap, height: h * unit - gap };
  if (panel.type === "row") {
    return <h2 style={{ ...box, height: unit }}>{panel.title}</h2>;
  }
  const Drawing = drawings[panel.type];
  const size = { width: box.width - 2 * gap, height: box.height - title - gap };
  return <section style={box}><h3>{panel.title}</h3>
    {Drawing ? <Drawing {...{ panel, answers, size, range }} /> : <p>a {panel.type} is not drawn here</p>}
  </section>;
}

function Board({ dashboard, rows, answers, from, to }) {
  const range = { from: dateTime(from), to: dateTime(to), raw: { from: "", to: "" } };
  let inRows = rows.length === 0;
  const panels = dashboard.panels.filter((panel) => {
    inRows = panel.type === "row" && rows.length > 0 ? rows.includes(panel.title) : inRows;
    return inRows;
  });
  const top = Math.min(...panels.map((panel) => panel.gridPos.y));
  const bottom = Math.max(...panels.map((panel) => panel.gridPos.y + panel.gridPos.h));
  return <main style={{ width, height: (bottom - top) * unit + unit }}>
    {panels.map((panel) => <Panel key={panel.id} {...{ panel, top, range }} answers={answers[panel.id] ?? []} />)}
    <footer>{dashboard.title}: live data, drawn with Grafana’s UI components; not a screenshot of Grafana</footer>
  </main>;
}

window.draw = (what) => {
  const style = document.createElement("style");
  style.textContent = `
    body { margin: 0; background: ${theme.colors.background.canvas}; color: ${theme.colors.text.primary};
      font: 13px ${theme.typography.fontFamily}; }
    *, *::before, *::after { box-sizing: border-box; }
    button { color: inherit; background: none; border: 0; padding: 0; font: inherit; }
    main { position: relative; } section, h2 { position: absolute; margin: 0; }
    section { background: ${theme.colors.background.primary}; border: 1px solid ${theme.colors.border.weak};
      border-radius: 2px; padding: 0 8px; overflow: hidden; }
    h2 { font-size: 16px; line-height: 34px; } h3 { margin: 0; font-size: 14px; line-height: ${title}px; }
    td { padding: 4px 24px 4px 0; } ul, ol { list-style: none; margin: 0; padding: 0; }
    footer { position: absolute; bottom: 8px; right: 8px; color: ${theme.colors.text.secondary}; font-size: 12px; }`;
  document.head.append(style);
  createRoot(document.body.appendChild(document.createElement("div"))).render(
    <ThemeContext.Provider value={theme}><Board {...what} /><PortalContainer /></ThemeContext.Provider>);
};
