"use strict";
// Language, sorting, filters. Everything comes from the page or from scripts beside it: nothing is fetched.
const root = document.documentElement;
const jiedao = { rows: [], heads: null, named: null, labels: {}, told: { zh: {}, en: {} } };
jiedao.flags = (heads, rows) => { jiedao.heads = heads; jiedao.rows.push(...rows); };
jiedao.sentences = (language, part, texts) => { jiedao.told[language][part] = texts; };
jiedao.offices = rows => { jiedao.named = rows; };
jiedao.codebook = labels => { jiedao.labels = labels; };

const speaks = () => root.dataset.language;
const asked = new URLSearchParams(location.search).get("language");
const kept = () => { try { return localStorage.getItem("jiedao-language"); } catch { return null; } };
let chosenLanguage = ["zh", "en"].includes(asked) ? asked : kept();
root.dataset.language = chosenLanguage || (/^zh/i.test(navigator.language || "zh") ? "zh" : "en");
root.lang = speaks() === "en" ? "en" : "zh-Hans";

const speak = language => {
  root.dataset.language = language;
  root.lang = language === "en" ? "en" : "zh-Hans";
  document.querySelectorAll("option[data-zh], title[data-zh]").forEach(e => { e.textContent = e.dataset[language]; });
  document.querySelectorAll("[data-label-zh]").forEach(e => e.setAttribute("aria-label", e.getAttribute(`data-label-${language}`)));
  document.dispatchEvent(new Event("language"));
};
const choose = language => {
  chosenLanguage = language;
  try { localStorage.setItem("jiedao-language", language); } catch { /* not kept: links carry it */ }
  speak(language);
};
// Links carry a chosen language, for browsers that keep nothing for pages from the disk.
document.addEventListener("click", event => {
  const link = event.target.closest && event.target.closest("a[href]");
  const raw = link && link.getAttribute("href");
  if (!raw || !chosenLanguage || /^[a-z]+:|^#/i.test(raw)) return;
  const url = new URL(raw, location.href);
  if (!/\/(office|report|flag|district|chart)\/[^/]+\.html$|\/(index|methods)\.html$/.test(url.pathname)) return;
  url.searchParams.set("language", speaks());
  link.setAttribute("href", url.href);
}, true);

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const load = name => new Promise(done => {
  const script = document.createElement("script");
  script.src = `${location.pathname.includes("/district/") ? "../" : ""}assets/${name}`;
  script.onload = script.onerror = done;
  document.head.append(script);
});
const sortButton = (head, onSort) => {
  const button = element("button", "sort");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    [...head.parentElement.cells].forEach(other => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    onSort(down);
  });
};

// Tables of the page: sorted as they stand.
const sortable = table => [...table.tHead.rows[0].cells].forEach((head, column) => sortButton(head, down => {
  const key = row => {
    const cell = row.cells[column];
    const shown = cell.dataset.sort ?? [...cell.querySelectorAll(`.${speaks()}`)].map(e => e.textContent).join("");
    return (shown || cell.textContent).trim();
  };
  const value = text => (/^[-+]?[\d,]*\.?\d+%?$/.test(text) ? parseFloat(text.replace(/,/g, "")) : NaN);
  const rows = [...table.tBodies[0].rows].map(row => ({ row, text: key(row), number: value(key(row)) }));
  rows.sort((a, b) => {
    if (isNaN(a.number) !== isNaN(b.number)) return isNaN(a.number) ? 1 : -1;
    const order = isNaN(a.number) ? a.text.localeCompare(b.text, "zh") : a.number - b.number;
    return down ? -order : order;
  });
  table.tBodies[0].append(...rows.map(entry => entry.row));
}));

// The list of all findings: filtered and sorted by an index, a page at a time; sentences are loaded when they are shown.
const ID = 0, TIER = 1, CHECK = 2, DISTRICT = 3, YEAR = 4, DECISION = 5;
const sentencesOf = async places => {
  const language = speaks(), parts = [...new Set(places.map(place => Math.floor(place / jiedao.heads.perChunk)))];
  await Promise.all(parts.filter(part => !jiedao.told[language][part]).map(part => load(`sentences-${language}-${part}.js`)));
  return place => (jiedao.told[language][Math.floor(place / jiedao.heads.perChunk)] || [])[place % jiedao.heads.perChunk] || "";
};
const flagRow = (place, sentence, names) => {
  const flag = jiedao.rows[place], tierName = jiedao.heads.tiers[flag[TIER]], check = jiedao.heads.checks[flag[CHECK]];
  const row = element("tr"), tier = element("td"), finding = element("td", "block"), rule = element("td");
  const badge = element("span", `tier t-${tierName}`), [sign, ...name] = (names[tierName] || tierName).split(" ");
  const drawn = element("i", "", sign);
  drawn.setAttribute("aria-hidden", "true");
  badge.append(drawn, name.join(" "));
  tier.append(badge);
  const link = element("a", "go", sentence), about = element("a", "check", check);
  link.href = `flag/${flag[ID]}.html`;
  about.href = `methods.html#${check}`;
  finding.append(link);
  rule.append(about);
  row.append(element("td", "n quiet", place + 1), tier, finding, rule, element("td", "n", flag[YEAR]), element("td", "", flag[DECISION]));
  return row;
};
const flagList = () => {
  const table = document.getElementById("flag-list");
  if (!table) return;
  const form = document.getElementById("filters"), fields = [...form.querySelectorAll("select, input")];
  const count = document.getElementById("count"), where = document.getElementById("where");
  const back = document.getElementById("back"), on = document.getElementById("on"), perPage = 20;
  let at = 0, by = "rank", falling = false, turn = 0;
  const wanted = async () => {
    const ask = Object.fromEntries(fields.map(f => [f.name, f.value.trim()])), { tiers, checks, districts } = jiedao.heads;
    const tier = tiers.indexOf(ask.tier), check = checks.indexOf(ask.check), district = districts.indexOf(ask.district);
    let found = [...jiedao.rows.keys()].filter(place => {
      const f = jiedao.rows[place];
      return (!ask.tier || f[TIER] === tier) && (!ask.check || f[CHECK] === check) && (!ask.district || f[DISTRICT] === district) && (!ask.year || String(f[YEAR]) === ask.year);
    });
    if (ask.text) {
      const sentence = await sentencesOf(found);
      found = found.filter(place => sentence(place).toLowerCase().includes(ask.text.toLowerCase()));
    }
    if (by !== "rank") {
      const column = by === "year" ? YEAR : CHECK;
      found.sort((a, b) => (jiedao.rows[a][column] - jiedao.rows[b][column]) * (falling ? -1 : 1) || a - b);
    } else if (falling) found.reverse();
    return found;
  };
  const show = async () => {
    const mine = ++turn, found = await wanted();
    at = Math.max(0, Math.min(at, Math.ceil(found.length / perPage) - 1));
    const places = found.slice(at * perPage, (at + 1) * perPage), sentence = await sentencesOf(places);
    if (mine !== turn) return; // a later question has overtaken this one
    const names = Object.fromEntries([...form.elements.tier.options].map(o => [o.value, o.dataset[speaks()]]));
    table.tBodies[0].replaceChildren(...places.map(place => flagRow(place, sentence(place), names)));
    const total = jiedao.rows.length.toLocaleString("en"), said = speaks() === "en" ? "findings" : "条提示";
    count.textContent = found.length === jiedao.rows.length ? `${total} ${said}` : `${found.length.toLocaleString("en")} / ${total} ${said}`;
    where.textContent = found.length ? `${at * perPage + 1}–${at * perPage + places.length}` : "0";
    back.disabled = at === 0;
    on.disabled = (at + 1) * perPage >= found.length;
    document.getElementById("pager").hidden = found.length <= perPage;
    table.dataset.ready = "yes";
  };
  const remember = () => {
    const url = new URL(location.href);
    fields.forEach(f => { if (f.value) url.searchParams.set(f.name, f.value); else url.searchParams.delete(f.name); });
    try { history.replaceState(null, "", url); } catch { /* a browser that keeps addresses of files as they are */ }
  };
  const start = new URLSearchParams(location.search);
  fields.forEach(f => { if (start.get(f.name)) f.value = start.get(f.name); });
  form.addEventListener("input", () => { at = 0; remember(); show(); });
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { at = 0; remember(); show(); }));
  back.addEventListener("click", () => { at -= 1; show(); });
  on.addEventListener("click", () => { at += 1; show(); });
  [...table.tHead.rows[0].cells].filter(head => head.dataset.by).forEach(head => sortButton(head, down => { by = head.dataset.by; falling = down; at = 0; show(); }));
  const names = table.dataset.parts.split(" ").filter(Boolean);
  Promise.all(names.map(load)).then(() => {
    if (!jiedao.heads) { table.dataset.ready = "yes"; return; }
    document.addEventListener("language", show);
    show();
  });
};

// Find an office by a part of its name.
const finder = () => {
  const input = document.getElementById("find");
  if (!input) return;
  const list = document.getElementById("found-offices"), label = row => (row[2] ? `${row[1]} · ${row[2]}` : row[1]);
  const fill = () => list.replaceChildren(...(jiedao.named || []).filter(row => label(row).includes(input.value.trim())).slice(0, 40).map(row => { const option = element("option"); option.value = label(row); return option; }));
  input.addEventListener("focus", () => { if (!jiedao.named) load("offices.js").then(fill); }, { once: true });
  const go = exact => {
    const text = input.value.trim(), rows = jiedao.named || [];
    const row = rows.find(r => label(r) === text) || (exact ? null : rows.find(r => text && label(r).includes(text)));
    if (row) location.href = `office/${row[0]}.html${chosenLanguage ? `?language=${speaks()}` : ""}`;
  };
  input.addEventListener("input", () => { fill(); go(true); });
  input.addEventListener("keydown", event => { if (event.key === "Enter") go(false); });
};

// A report's cell that was asked for: what it is, how it is proved.
const PROOFS = { v: ["勾稽验证", "verified by arithmetic"], a: ["两读一致", "two readings agree"], s: ["仅一读", "read one way only"], d: ["两读不一", "two readings differ"] };
const chosen = () => {
  const panel = document.getElementById("chosen");
  if (!panel) return;
  const show = () => {
    document.querySelectorAll(".chosen").forEach(cell => cell.classList.remove("chosen"));
    const cell = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    panel.hidden = !cell || cell.dataset.p === undefined;
    if (panel.hidden) return;
    cell.classList.add("chosen");
    const at = speaks() === "en" ? 1 : 0, label = jiedao.labels[cell.id] || [cell.id, cell.id];
    panel.querySelector("b").textContent = cell.textContent.trim() || ["空白（不等于零）", "blank (not a zero)"][at];
    panel.querySelector(".what").textContent = label[at];
    panel.querySelector(".proof").textContent = (PROOFS[cell.dataset.p] || ["", ""])[at];
    panel.querySelector(".other").textContent = cell.dataset.other ? `${["另一读数", "other reading"][at]}: ${cell.dataset.other}` : "";
    panel.querySelector("code").textContent = cell.id;
  };
  document.querySelectorAll("td[data-p]").forEach(cell => cell.addEventListener("click", () => { history.replaceState(null, "", `#${encodeURIComponent(cell.id)}`); show(); }));
  window.addEventListener("hashchange", show);
  document.addEventListener("language", show);
  show();
  const cell = document.querySelector("td.chosen");
  if (cell) cell.scrollIntoView({ block: "center", inline: "center" });
};

// A table wider than the window is moved to its marked cells.
const showMarked = () => document.querySelectorAll(".scroll").forEach(box => {
  const marked = [...box.querySelectorAll(".marked")], last = marked[marked.length - 1];
  if (last && box.scrollWidth > box.clientWidth) box.scrollLeft = last.offsetLeft + last.offsetWidth - box.clientWidth + 8;
});

// What the mouse shows over a mark, in the language of the page; worked out when the mouse comes, since marks are many.
const titles = () => document.addEventListener("mouseover", event => {
  const mark = event.target.closest && event.target.closest("svg a, svg g");
  const title = mark && mark.querySelector(":scope > title[data-zh]");
  if (title) title.textContent = title.dataset[speaks()];
});

window.addEventListener("beforeprint", () => document.querySelectorAll("details.checks").forEach(part => { part.open = true; }));
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("language").addEventListener("click", () => choose(speaks() === "zh" ? "en" : "zh"));
  document.querySelectorAll("table.sortable").forEach(sortable);
  flagList();
  finder();
  chosen();
  titles();
  showMarked();
  speak(speaks());
});
