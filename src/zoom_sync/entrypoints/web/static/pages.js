document.documentElement.classList.add("scripted");
// Times in the visitor's own zone, beside those of the event. Without this script the event's times stand alone.
(() => {
  "use strict";
  const lang = document.documentElement.lang;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = new Intl.DateTimeFormat(lang, {
    weekday: "short", year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit",
    hour12: false, timeZoneName: "short",
  });
  document.querySelectorAll("[data-visitor-time]").forEach((place) => {
    const time = place.parentElement.querySelector("time[data-end]");
    if (!time) return;
    place.textContent = format.formatRange(new Date(time.dateTime), new Date(time.dataset.end));
    place.hidden = false;
  });
  document.querySelectorAll("[data-visitor-zone]").forEach((place) => {
    place.lastElementChild.textContent = zone;
    place.hidden = false;
  });
})();

// What changed in a part of the page that asks anew by itself, in words, for who does not see it.
(() => {
  "use strict";
  const said = () => new Map([...document.querySelectorAll("[data-say]")].map((row) => [row.id, row.dataset.say]));
  let before = said();
  document.addEventListener("htmx:afterSwap", () => {
    const now = said();
    const news = [...now].filter(([id, words]) => before.get(id) !== words).map(([, words]) => words);
    before = now;
    const place = document.getElementById("changes");
    if (place && news.length) place.textContent = news.slice(0, 5).join(". ");
  });
})();

// Keys: `/` searches, `g t` and `g e` go, arrows move in lists, `?` shows them. They can be switched off there.
(() => {
  "use strict";
  const help = document.getElementById("keys");
  if (!help) return;
  const off = document.getElementById("keys-off");
  off.checked = localStorage.getItem("keys") === "off";
  off.addEventListener("change", () => localStorage.setItem("keys", off.checked ? "off" : "on"));
  let going = false;
  const move = (by) => {
    const list = document.activeElement.closest(".rows, tbody");
    if (!list) return false;
    const links = [...list.querySelectorAll("a.name, .main a, th a")];
    const here = links.findIndex((link) => link === document.activeElement || link.closest("li, tr").contains(document.activeElement));
    const next = links[here + by];
    if (next) next.focus();
    return Boolean(next);
  };
  document.addEventListener("keydown", (event) => {
    // A box that is ticked takes no text; and a dialog that closes gives the focus back a moment later.
    const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") { if (!help.open) help.showModal(); return; }
    if (off.checked || help.open) return;
    if (going) {
      going = false;
      const link = document.querySelector(`nav a[data-key="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key === "g") going = true;
    else if (event.key === "/") {
      const search = document.querySelector("main input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (move(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    }
  });
})();

// Copying: the button says what came of it.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const words = button.innerHTML;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.innerHTML = words; }, 1500);
    } catch { /* where the browser does not let us, the text stands beside it */ }
  });
  document.querySelectorAll("button[data-copy]").forEach((button) => { button.hidden = !navigator.clipboard; });
})();

document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
