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
