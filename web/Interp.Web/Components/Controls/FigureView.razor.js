// Draws one figure after the other, what is nearest to the window first: fetches its bytes, hands them to figures.js, fills the table of values when it is opened.
const waiting = [];
let scripts;
let isDrawing = false;

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address} could not be loaded`));
    document.head.appendChild(script);
  });
}

function ready() {
  scripts ??= load("/assets/plotly.js").then(() => load("/assets/figures.js")).then(() => {
    document.addEventListener("themechange", () => window.InterpFigures.retheme());
  });
  return scripts;
}

async function show(plot, values, address) {
  try {
    const response = await fetch(address);
    if (!response.ok) {
      throw new Error(`the program answered ${response.status}`);
    }
    const figure = window.InterpFigures.read(await response.arrayBuffer());
    if (!plot.isConnected) {
      return;
    }
    await window.InterpFigures.draw(plot, figure);
    plot.dataset.state = "drawn";
    const fill = () => window.InterpFigures.fillTable(values.querySelector("table"), figure);
    if (values.open) {
      fill(); // Opened while the figure waited.
    } else {
      values.addEventListener("toggle", fill, { once: true });
    }
  } catch (error) {
    fail(plot, error);
  }
}

function fail(plot, error) {
  plot.dataset.state = "failed";
  plot.textContent = `This figure could not be drawn: ${error.message}. Load the page again; its numbers are below.`;
}

async function drawAll() {
  isDrawing = true;
  try {
    await ready();
    while (waiting.length > 0) {
      const next = await window.InterpFigures.takeNearest(waiting);
      if (next.plot.isConnected) {
        await show(next.plot, next.values, next.address);
      }
    }
  } catch (error) {
    waiting.splice(0).forEach(({ plot }) => fail(plot, error));
  } finally {
    isDrawing = false;
  }
}

export function draw(plot, values, address) {
  plot.dataset.state = "waiting";
  waiting.push({ plot, values, address });
  if (!isDrawing) {
    drawAll();
  }
}

export function remove(plot) {
  window.InterpFigures?.remove(plot);
}
