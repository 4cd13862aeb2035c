// Light or dark: what the address says, else what was chosen last, else what the system prefers. Runs before the first paint.
(() => {
  "use strict";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const asked = new URLSearchParams(location.search).get("theme");
  const valid = theme => theme === "light" || theme === "dark";
  let chosen = valid(asked) ? asked : localStorage.getItem("interp-theme");

  function apply() {
    document.documentElement.dataset.theme = valid(chosen) ? chosen : system.matches ? "dark" : "light";
    document.dispatchEvent(new Event("themechange"));
  }

  function toggle() {
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("interp-theme", chosen);
    apply();
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", event => {
    if (event.target.closest("[data-theme-toggle]")) {
      toggle();
    }
  });
  window.interpTheme = { toggle };
})();
