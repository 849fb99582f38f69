"use strict";
// Language, sorting, filters. Everything comes from the page or from scripts beside it: nothing is fetched.
const root = document.documentElement;
const jiedao = { loaded: [], flags: rows => jiedao.loaded.push(...rows), offices: rows => { jiedao.named = rows; }, codebook: labels => { jiedao.labels = labels; } };
const speaks = () => root.dataset.language;
const remembered = () => { try { return localStorage.getItem("jiedao-language"); } catch { return null; } };
const speak = language => {
  root.dataset.language = language;
  root.lang = language;
  try { localStorage.setItem("jiedao-language", language); } catch { /* not kept: links carry it */ }
  for (const option of document.querySelectorAll("option[data-zh]")) option.textContent = option.dataset[language];
  document.dispatchEvent(new Event("language"));
};
const asked = new URLSearchParams(location.search).get("language");
root.dataset.language = root.lang = ["zh", "en"].includes(asked) ? asked : remembered() === "en" ? "en" : "zh";

// Links carry the language, for browsers that keep nothing for pages from the disk.
document.addEventListener("click", event => {
  const link = event.target.closest && event.target.closest("a[href]");
  const raw = link && link.getAttribute("href");
  if (!raw || /^[a-z]+:|^#/i.test(raw) || !/\.html($|[?#])/.test(raw) || link.closest("[data-original]")) return;
  const url = new URL(raw, location.href);
  if (!/\/(office|report|flag|district|chart)\/[^/]+\.html$|\/(index|methods)\.html$/.test(url.pathname)) return;
  if (speaks() === "en") url.searchParams.set("language", "en"); else url.searchParams.delete("language");
  link.setAttribute("href", url.href);
}, true);

const sortable = table => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = row => {
        const cell = row.cells[column];
        const shown = cell.dataset.sort ?? [...cell.querySelectorAll(`.${speaks()}`)].map(e => e.textContent).join("") ?? "";
        return (shown || cell.textContent).trim();
      };
      const value = text => (/^[-+]?[\d,]*\.?\d+%?$/.test(text) ? parseFloat(text.replace(/,/g, "")) : NaN);
      const body = table.tBodies[0];
      const rows = [...body.rows].map(row => ({ row, text: key(row), number: value(key(row)) }));
      rows.sort((a, b) => {
        if (isNaN(a.number) !== isNaN(b.number)) return isNaN(a.number) ? 1 : -1;
        const order = isNaN(a.number) ? a.text.localeCompare(b.text, "zh") : a.number - b.number;
        return down ? -order : order;
      });
      body.append(...rows.map(entry => entry.row));
    });
  });
};

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

// The list of all flags: filtered, a page at a time.
const flagList = () => {
  const table = document.getElementById("flag-list");
  if (!table) return;
  const form = document.getElementById("filters"), fields = [...form.querySelectorAll("select, input")];
  const count = document.getElementById("count"), where = document.getElementById("where"), body = table.tBodies[0];
  const back = document.getElementById("back"), on = document.getElementById("on"), perPage = 20;
  const names = Object.fromEntries([...form.tier.options].map(o => [o.value, o]));
  let at = 0;
  const wanted = () => {
    const ask = Object.fromEntries(fields.map(f => [f.name, f.value.trim()]));
    return jiedao.loaded.map((flag, index) => [index, flag]).filter(([, f]) =>
      (!ask.tier || f[1] === ask.tier) && (!ask.check || f[2] === ask.check) && (!ask.district || f[3] === ask.district)
      && (!ask.year || String(f[4]) === ask.year) && (!ask.text || f[6].includes(ask.text) || f[7].includes(ask.text)));
  };
  const show = () => {
    const found = wanted();
    at = Math.min(at, Math.max(0, Math.ceil(found.length / perPage) - 1));
    const shown = found.slice(at * perPage, (at + 1) * perPage);
    body.replaceChildren(...shown.map(([index, f]) => {
      const row = element("tr"), tier = element("td"), finding = element("td", "block"), link = element("a", "go");
      tier.append(element("span", `badge t-${f[1]}`, names[f[1]] ? names[f[1]].dataset[speaks()] : f[1]));
      link.href = `flag/${f[0]}.html`;
      link.textContent = speaks() === "en" ? f[7] : f[6];
      finding.append(link);
      row.append(element("td", "n rank", index + 1), tier, element("td", "", f[2]), finding, element("td", "", f[5]));
      return row;
    }));
    const total = jiedao.loaded.length, said = speaks() === "en" ? "flags" : "条提示";
    count.textContent = found.length === total ? `${total} ${said}` : `${found.length} / ${total} ${said}`;
    where.textContent = found.length ? `${at * perPage + 1}–${at * perPage + shown.length}` : "0";
    back.disabled = at === 0;
    on.disabled = (at + 1) * perPage >= found.length;
    document.getElementById("pager").hidden = found.length <= perPage;
  };
  const start = new URLSearchParams(location.search);
  fields.forEach(f => { if (start.get(f.name)) f.value = start.get(f.name); });
  form.addEventListener("input", () => { at = 0; show(); });
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { at = 0; show(); }));
  back.addEventListener("click", () => { at -= 1; show(); });
  on.addEventListener("click", () => { at += 1; show(); });
  document.addEventListener("language", show);
  const scripts = table.dataset.parts.split(" ").filter(Boolean);
  const next = () => {
    const name = scripts.shift();
    if (!name) { table.dataset.ready = "yes"; return show(); }
    const script = document.createElement("script");
    script.src = `assets/${name}`;
    script.onload = () => { show(); next(); };
    document.head.append(script);
  };
  next();
};

// Find an office by a part of its name.
const finder = () => {
  const input = document.getElementById("find");
  if (!input) return;
  const list = document.getElementById("found"), label = row => (row[2] ? `${row[1]} · ${row[2]}` : row[1]);
  const fill = () => list.replaceChildren(...(jiedao.named || []).filter(row => label(row).includes(input.value.trim())).slice(0, 40).map(row => { const option = element("option"); option.value = label(row); return option; }));
  input.addEventListener("focus", () => {
    if (jiedao.named) return;
    const script = document.createElement("script");
    script.src = "assets/offices.js";
    script.onload = fill;
    document.head.append(script);
  }, { once: true });
  const go = exact => {
    const text = input.value.trim(), rows = jiedao.named || [];
    const row = rows.find(r => label(r) === text) || (exact ? null : rows.find(r => text && label(r).includes(text)));
    if (row) location.href = `office/${row[0]}.html${speaks() === "en" ? "?language=en" : ""}`;
  };
  input.addEventListener("input", () => { fill(); go(true); });
  input.addEventListener("keydown", event => { if (event.key === "Enter") go(false); });
};

// A report's cell that was asked for: what it is, how it is proved.
const chosen = () => {
  const panel = document.getElementById("chosen");
  if (!panel) return;
  const show = () => {
    document.querySelectorAll(".chosen").forEach(cell => cell.classList.remove("chosen"));
    const cell = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    panel.hidden = !cell || cell.dataset.proof === undefined;
    if (panel.hidden) return;
    cell.classList.add("chosen");
    const en = speaks() === "en", label = (jiedao.labels || {})[cell.id] || [cell.id, cell.id];
    const blank = en ? "blank (not a zero)" : "空白（不等于零）", proof = cell.dataset.proof;
    panel.querySelector("b").textContent = cell.textContent.trim() || blank;
    panel.querySelector(".what").textContent = label[en ? 1 : 0];
    panel.querySelector(".proof").textContent = proof ? panel.dataset[`${proof}${en ? "En" : "Zh"}`] : "";
    panel.querySelector(".other").textContent = cell.dataset.other ? `${en ? "other reading" : "另一读数"}: ${cell.dataset.other}` : "";
    panel.querySelector("code").textContent = cell.id;
  };
  document.querySelectorAll("td[data-proof]").forEach(cell => cell.addEventListener("click", () => { history.replaceState(null, "", `#${encodeURIComponent(cell.id)}`); show(); }));
  window.addEventListener("hashchange", show);
  document.addEventListener("language", show);
  show();
  const cell = document.querySelector("td.chosen");
  if (cell) cell.scrollIntoView({ block: "center", inline: "center" });
};

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("language").addEventListener("click", () => speak(speaks() === "zh" ? "en" : "zh"));
  document.querySelectorAll("table.sortable").forEach(sortable);
  flagList();
  finder();
  chosen();
  speak(speaks());
});
