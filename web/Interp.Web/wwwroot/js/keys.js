// The keyboard, in one place. Off while typing, and altogether when the box in the help dialog is unticked.
(() => {
  "use strict";
  const places = { h: "/", m: "/models", a: "/analyses", j: "/jobs", r: "/runs" };
  let isGoing = false;

  const isTyping = element => element.closest("input, textarea, select, [contenteditable]") !== null;
  const isOn = () => localStorage.getItem("interp-shortcuts") !== "off";
  const help = () => document.getElementById("shortcut-help");

  function go(address) {
    const link = document.createElement("a");
    link.href = address;
    document.body.appendChild(link);
    link.click();
    link.remove();
  }

  function step(by) {
    const stops = [...document.querySelectorAll("[data-stop]")];
    const here = stops.findIndex(stop => stop === document.activeElement || stop.contains(document.activeElement));
    const next = stops[Math.min(Math.max(here + by, 0), stops.length - 1)];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  }

  const acts = {
    "?": () => help().showModal(),
    "d": () => window.interpTheme.toggle(),
    "y": () => navigator.clipboard?.writeText(location.href),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "j": () => step(1),
    "k": () => step(-1),
  };

  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      document.querySelector("[data-start]:not([disabled])")?.click();
      return;
    }
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help()?.open) {
      return;
    }
    if (isGoing && places[event.key]) {
      go(places[event.key]);
      event.preventDefault();
    } else if (!isGoing && acts[event.key]) {
      acts[event.key]();
      event.preventDefault();
    }
    isGoing = event.key === "g" && !isGoing;
  });

  document.addEventListener("click", event => {
    if (event.target.closest("[data-help]")) {
      help().showModal();
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const text = document.getElementById(copy.dataset.copy)?.textContent ?? "";
      const word = copy.textContent;
      navigator.clipboard?.writeText(text).then(() => {
        copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = word; }, 1500);
      });
    }
  });

  document.addEventListener("change", event => {
    if (event.target.matches("[data-shortcuts]")) {
      localStorage.setItem("interp-shortcuts", event.target.checked ? "on" : "off");
    }
  });
})();
