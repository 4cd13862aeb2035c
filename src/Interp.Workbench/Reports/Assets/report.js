// Draws the figures of a report, one after the other so that the page can be read meanwhile, what is nearest to the window first.
(async () => {
  "use strict";
  const root = document.documentElement;
  root.dataset.figures = "drawing";
  const waiting = Array.from(document.querySelectorAll("[data-figure]"), plot => ({ plot }));
  while (waiting.length > 0) {
    const { plot } = await InterpFigures.takeNearest(waiting);
    const figure = InterpFigures.parse(document.getElementById(plot.dataset.figure).textContent);
    try {
      plot.textContent = "";
      await InterpFigures.draw(plot, figure);
    } catch (error) {
      plot.textContent = `This figure could not be drawn: ${error.message}`;
      plot.classList.add("failed");
    }
    const values = document.querySelector(`details[data-values="${plot.dataset.figure}"]`);
    values?.addEventListener("toggle", () => InterpFigures.fillTable(values.querySelector("table"), figure), { once: true });
    await new Promise(resolve => setTimeout(resolve));
  }
  root.dataset.figures = "drawn";
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => InterpFigures.retheme());
  addEventListener("beforeprint", () => { root.classList.add("printing"); InterpFigures.retheme(); });
  addEventListener("afterprint", () => { root.classList.remove("printing"); InterpFigures.retheme(); });
})();
