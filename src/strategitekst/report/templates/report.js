"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [PLAN, NUMBER, PAGE, HEADING, TEXT, THEMES, THEME_SCORES, STATEMENT, STATEMENT_SCORE, SPECIFICITY, ANCHORS] =
    Array(11).keys();
  const rows = data.rows;
  const at = (id) => document.getElementById(id);
  const fields = { plan: at("f-plan"), theme: at("f-theme"), statement: at("f-statement"), text: at("f-text") };
  const body = at("rows");
  const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, data.labels["figure.thousands"]);
  // The function as second argument keeps a $ in a value from being read as a pattern.
  const say = (label, values) =>
    data.labels[label].replace(/\{(\w+)\}/g, (whole, name) => String(values[name]));
  const probability = (percent) => {
    if (percent === null) return data.labels["figure.none"];
    if (percent >= 100) return data.labels["figure.over"];
    return percent <= 0 ? data.labels["figure.under"] : say("figure.percent", { value: percent });
  };

  let matching = [];
  let page = 0;
  let marked = -1;
  let haystacks = null;

  const haystack = (index) => {
    // Made on the first search only: lower-casing fifty thousand paragraphs would slow the opening of the page.
    haystacks ??= rows.map((row) => (row[TEXT] + "\n" + data.headings[row[HEADING]]).toLowerCase());
    return haystacks[index];
  };

  function select() {
    const plan = fields.plan.value === "" ? null : Number(fields.plan.value);
    const theme = fields.theme.value;
    const wanted = data.themes.indexOf(theme);
    const statement = fields.statement.value === "" ? null : data.statements.indexOf(fields.statement.value);
    const words = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = [];
    rows.forEach((row, index) => {
      if (plan !== null && row[PLAN] !== plan) return;
      if (statement !== null && row[STATEMENT] !== statement) return;
      if (theme === " " ? row[THEMES].length : theme !== "" && !row[THEMES].includes(wanted)) return;
      if (words.length && !words.every((word) => haystack(index).includes(word))) return;
      matching.push(index);
    });
    page = 0;
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function cell(label, ...parts) {
    const made = element("td");
    made.setAttribute("role", "cell");
    made.dataset.label = data.labels[label];
    made.append(...parts);
    return made;
  }

  function list(items) {
    const made = element("ul");
    made.append(...items.map((item) => element("li", item)));
    return made;
  }

  function line(index) {
    const row = rows[index];
    const made = element("tr");
    made.setAttribute("role", "row");
    made.id = `p-${row[PLAN]}-${row[NUMBER]}`;
    made.tabIndex = -1;
    if (index === marked) made.className = "here";
    const place = [say("paragraph", { number: row[NUMBER] })];
    if (row[PAGE] !== null) place.unshift(say("page", { number: row[PAGE] }));
    const heading = element("span", data.headings[row[HEADING]], "quiet block");
    heading.lang = "da";
    const text = cell("text", row[TEXT]);
    text.className = "text";
    text.lang = "da";
    delete text.dataset.label;
    const themes = row[THEMES].map((theme, i) => `${data.themes[theme]} (${probability(row[THEME_SCORES][i])})`);
    const themeCell = cell("themes", themes.length ? list(themes) : data.labels.no_theme);
    themeCell.className = "themes";
    const anchors = row[ANCHORS].flatMap((words, i) => (words === null ? [] : [`${data.anchors[i]}: ${words}`]));
    const specific = row[SPECIFICITY] === null ? "" : say("figure.percent", { value: row[SPECIFICITY] });
    made.append(
      cell("plan", element("span", data.plans[row[PLAN]], "file")),
      cell("place", place.join(", "), heading),
      text,
      themeCell,
      cell("statement", `${data.statementLabels[row[STATEMENT]]} (${probability(row[STATEMENT_SCORE])})`),
      cell("anchors", list(anchors), element("span", specific && say("specificity", { value: specific }), "quiet block")),
    );
    return made;
  }

  function draw() {
    const first = page * data.pageSize;
    const visible = matching.slice(first, first + data.pageSize);
    body.replaceChildren(...visible.map(line));
    const none = matching.length === 0;
    at("count").textContent = none
      ? data.labels.empty
      : say("count", { number: thousands(matching.length), total: thousands(rows.length) });
    at("shown").textContent = none
      ? ""
      : say("shown", { from: thousands(first + 1), to: thousands(first + visible.length) });
    at("previous").disabled = page === 0;
    at("next").disabled = first + data.pageSize >= matching.length;
  }

  function refresh() {
    marked = -1;
    select();
    draw();
  }

  function setFilters(plan, theme) {
    fields.plan.value = plan;
    fields.theme.value = theme;
    fields.statement.value = "";
    fields.text.value = "";
    refresh();
  }

  function turn(step) {
    page += step;
    draw();
    at("count").scrollIntoView();
  }

  function follow() {
    const found = /^#p-(\d+)-(\d+)$/.exec(location.hash);
    if (!found) return;
    const [plan, number] = found.slice(1).map(Number);
    const index = rows.findIndex((row) => row[PLAN] === plan && row[NUMBER] === number);
    if (index < 0) return;
    if (!matching.includes(index)) setFilters("", "");
    marked = index;
    page = Math.floor(matching.indexOf(index) / data.pageSize);
    draw();
    const row = at(`p-${plan}-${number}`);
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }

  let waiting = 0;
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("reset", () => setTimeout(refresh));
  for (const field of [fields.plan, fields.theme, fields.statement]) field.addEventListener("change", refresh);
  fields.text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 150);
  });
  at("previous").addEventListener("click", () => turn(-1));
  at("next").addEventListener("click", () => turn(1));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-plan], a[data-theme]");
    if (link) setFilters(link.dataset.plan ?? "", link.dataset.theme ?? "");
    // The same row asked for twice changes no address, so the browser would not tell.
    const again = event.target.closest('a[href^="#p-"]');
    if (again && again.getAttribute("href") === location.hash) follow();
  });
  window.addEventListener("hashchange", follow);

  // The summary is whole on paper; the folded evidence would make a report of hundreds of pages.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("#summary details:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });

  at("explorer").hidden = false;
  refresh();
  follow();
})();
