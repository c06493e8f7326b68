"use strict";
(() => {
  const key = JSON.parse(document.getElementById("key").textContent);
  const [PLAN, NUMBER, PAGE, HEADING, TEXT, THEMES, THEME_SCORES, STATEMENT, STATEMENT_SCORE, SPECIFICITY, ANCHORS] =
    Array(11).keys();
  const at = (id) => document.getElementById(id);
  const fields = { plan: at("f-plan"), theme: at("f-theme"), statement: at("f-statement"), text: at("f-text") };
  const body = at("rows");
  const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, key.labels["figure.thousands"]);
  // The function as second argument keeps a $ in a value from being read as a pattern.
  const say = (label, values) => key.labels[label].replace(/\{(\w+)\}/g, (whole, name) => String(values[name]));
  const probability = (percent) => {
    if (percent === null) return key.labels["figure.none"];
    if (percent >= 100) return key.labels["figure.over"];
    return percent <= 0 ? key.labels["figure.under"] : say("figure.percent", { value: percent });
  };
  const pieces = (kind) => [...document.querySelectorAll(`script.piece[data-kind="${kind}"]`)];
  // A turn of the loop, so that the page answers while much is unpacked.
  const pause = () => new Promise((done) => setTimeout(done));

  async function unpack(element) {
    const binary = atob(element.textContent);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    element.remove();
    return JSON.parse(await new Response(stream).text());
  }

  // The table of paragraphs

  const rows = [];
  const haystacks = [];
  let matching = [];
  let page = 0;
  let marked = -1;
  let unpacking = null;

  async function unpackRows() {
    for (const element of pieces("rows")) {
      const piece = await unpack(element);
      for (const row of piece.rows) {
        row[HEADING] = piece.headings[row[HEADING]];
        rows.push(row);
        haystacks.push(`${row[TEXT]}\n${row[HEADING]}`.toLowerCase());
      }
      await pause();
    }
    // Whoever asked first, what is turned and searched is the whole table.
    select();
    at("explorer").setAttribute("aria-busy", "false");
  }

  // Once, when the page is at rest or somebody asks first.
  const ready = () => (unpacking ??= unpackRows());

  function select() {
    const plan = fields.plan.value === "" ? null : Number(fields.plan.value);
    const theme = fields.theme.value;
    const wanted = key.themes.indexOf(theme);
    const statement = fields.statement.value === "" ? null : key.statements.indexOf(fields.statement.value);
    const words = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = [];
    rows.forEach((row, index) => {
      if (plan !== null && row[PLAN] !== plan) return;
      if (statement !== null && row[STATEMENT] !== statement) return;
      if (theme === " " ? row[THEMES].length : theme !== "" && !row[THEMES].includes(wanted)) return;
      if (words.length && !words.every((word) => haystacks[index].includes(word))) return;
      matching.push(index);
    });
    page = 0;
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    return made;
  }

  function cell(label, attributes, ...parts) {
    const made = element("td", undefined, { role: "cell", ...(label && { "data-label": key.labels[label] }), ...attributes });
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
    const made = element("tr", undefined, { role: "row", id: `p-${row[PLAN]}-${row[NUMBER]}`, tabindex: "-1" });
    if (index === marked) made.className = "here";
    const place = [say("paragraph", { number: row[NUMBER] })];
    if (row[PAGE] !== null) place.push(say("page", { number: row[PAGE] }));
    const themes = row[THEMES].map((theme, i) => `${key.themes[theme]} (${probability(row[THEME_SCORES][i])})`);
    const anchors = row[ANCHORS].flatMap((words, i) => (words === null ? [] : [`${key.anchors[i]}: ${words}`]));
    const specific = row[SPECIFICITY] === null ? null : say("figure.percent", { value: row[SPECIFICITY] });
    made.append(
      cell(
        "place",
        { class: "place" },
        element("a", key.plans[row[PLAN]], { class: "file", href: `#plan-${row[PLAN]}` }),
        element("span", place.join(", "), { class: "block" }),
        element("span", row[HEADING], { class: "quiet block", lang: "da" }),
      ),
      cell(null, { class: "text", lang: "da" }, row[TEXT]),
      cell("themes", { class: "themes" }, themes.length ? list(themes) : key.labels.no_theme),
      cell("statement", {}, `${key.statementLabels[row[STATEMENT]]} (${probability(row[STATEMENT_SCORE])})`),
      cell(
        "anchors",
        {},
        list(anchors),
        ...(specific === null ? [] : [element("span", say("specificity", { value: specific }), { class: "quiet block" })]),
      ),
    );
    return made;
  }

  function draw() {
    const first = page * key.pageSize;
    const visible = matching.slice(first, first + key.pageSize);
    body.replaceChildren(...visible.map(line));
    const none = matching.length === 0;
    at("count").textContent = none
      ? key.labels.empty
      : say("count", { number: thousands(matching.length), total: thousands(rows.length) });
    at("shown").textContent = none
      ? ""
      : say("shown", { from: thousands(first + 1), to: thousands(first + visible.length) });
    at("previous").disabled = page === 0;
    at("next").disabled = first + key.pageSize >= matching.length;
  }

  async function refresh() {
    await ready();
    marked = -1;
    select();
    draw();
  }

  function setFilters(plan, theme) {
    fields.plan.value = plan;
    fields.theme.value = theme;
    fields.statement.value = "";
    fields.text.value = "";
    return refresh();
  }

  async function turn(step) {
    await ready();
    page += step;
    draw();
    at("count").scrollIntoView();
    // A button that can go no further loses the focus; the other one takes it.
    if (at("next").disabled && step > 0) at("previous").focus({ preventScroll: true });
    if (at("previous").disabled && step < 0) at("next").focus({ preventScroll: true });
  }

  async function showRow(plan, number) {
    await ready();
    const index = rows.findIndex((row) => row[PLAN] === plan && row[NUMBER] === number);
    if (index < 0) {
      draw();
      at("count").textContent = key.labels.absent;
      at("paragraphs").scrollIntoView();
      at("paragraphs").focus({ preventScroll: true });
      return;
    }
    if (!matching.includes(index)) await setFilters("", "");
    marked = index;
    page = Math.floor(matching.indexOf(index) / key.pageSize);
    draw();
    const row = at(`p-${plan}-${number}`);
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }

  // Plans that are packed until somebody asks for them

  const packed = { heat: pieces("heat"), plans: pieces("plans") };

  async function reveal(kind, place) {
    const script = packed[kind][place];
    if (!script) return null;
    packed[kind][place] = null;
    const slot = document.querySelectorAll(`.slot[data-kind="${kind}"]`)[place];
    const content = (await unpack(script)).join("");
    // Parsed apart, where nothing can run; the pieces were escaped like the rest of the page.
    const wrapped = kind === "heat" ? `<table><tbody>${content}</tbody></table>` : content;
    const parsed = new DOMParser().parseFromString(wrapped, "text/html");
    slot.replaceChildren(...(kind === "heat" ? parsed.querySelector("tbody") : parsed.body).childNodes);
    for (const button of document.querySelectorAll(`.reveal[data-kind="${kind}"]`)) {
      button.hidden = packed[kind].every((each) => each === null);
    }
    return slot;
  }

  async function showPlan(hash) {
    const target = hash.slice(1);
    if (!at(target)) {
      for (let place = 0; place < packed.plans.length && !at(target); place++) await reveal("plans", place);
      at(target)?.scrollIntoView();
    }
  }

  function follow() {
    const row = /^#p-(\d+)-(\d+)$/.exec(location.hash);
    if (row) showRow(Number(row[1]), Number(row[2]));
    else if (/^#plan-\d+(-\d+)?$/.test(location.hash)) showPlan(location.hash);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-plan], a[data-theme]");
    if (link) setFilters(link.dataset.plan ?? "", link.dataset.theme ?? "");
    // The same row asked for twice changes no address, so the browser would not tell.
    const again = event.target.closest('a[href^="#p-"]');
    if (again && again.getAttribute("href") === location.hash) follow();
    const button = event.target.closest("button.reveal");
    if (button) {
      const kind = button.dataset.kind;
      reveal(kind, packed[kind].findIndex((each) => each !== null)).then((slot) => slot?.querySelector("a")?.focus());
    }
  });

  // The summary is whole on paper; the folded evidence would make a report of hundreds of pages.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.missing:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });

  if (typeof DecompressionStream === "undefined") {
    at("old").hidden = false;
    return;
  }
  let waiting = 0;
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("reset", () => setTimeout(refresh));
  for (const field of [fields.plan, fields.theme, fields.statement]) field.addEventListener("change", refresh);
  fields.text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 60);
  });
  at("previous").addEventListener("click", () => turn(-1));
  at("next").addEventListener("click", () => turn(1));
  window.addEventListener("hashchange", follow);
  for (const button of document.querySelectorAll(".reveal")) button.hidden = false;
  at("explorer").setAttribute("aria-busy", "true");
  at("filters").hidden = false;
  at("pager").hidden = false;
  at("count").textContent = say("count", { number: thousands(key.total), total: thousands(key.total) });
  follow();
  // After the first view: until then the rows that came with the page are shown. Who asks first is not interrupted.
  requestAnimationFrame(() => setTimeout(() => unpacking ?? refresh(), 50));
})();
