// Sets theme, language and layout before the first paint, so that nothing flashes.
"use strict";
(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const remembered = (key) => {
    try {
      return localStorage.getItem(`relance.${key}`);
    } catch {
      return null; // storage refused by the browser: follow the system
    }
  };
  const pick = (key, allowed) => {
    const asked = query.get(key);
    if (allowed.includes(asked)) return asked;
    const kept = remembered(key);
    return allowed.includes(kept) ? kept : null;
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = pick("theme", ["light", "dark"]);
  root.dataset.theme = chosen ?? (dark.matches ? "dark" : "light");
  if (!chosen) {
    dark.addEventListener("change", () => {
      if (!remembered("theme")) root.dataset.theme = dark.matches ? "dark" : "light";
    });
  }
  root.lang = pick("lang", ["fr", "en"]) ?? "fr";
  if (query.get("frame") === "0") root.classList.add("frameless");
  if (query.get("list") === "0") root.classList.add("listless");
})();
