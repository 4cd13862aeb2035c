// Draws one figure after the other: fetches its bytes, hands them to figures.js, fills the table of values when it is opened.
let scripts;
let last = Promise.resolve();

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
    const [response] = await Promise.all([fetch(address), ready()]);
    if (!response.ok) {
      throw new Error(`the program answered ${response.status}`);
    }
    const figure = window.InterpFigures.read(await response.arrayBuffer());
    if (!plot.isConnected) {
      return;
    }
    await window.InterpFigures.draw(plot, figure);
    plot.dataset.state = "drawn";
    values.addEventListener("toggle", () => window.InterpFigures.fillTable(values.querySelector("table"), figure), { once: true });
  } catch (error) {
    plot.dataset.state = "failed";
    plot.textContent = `This figure could not be drawn: ${error.message}. Load the page again; its numbers are below.`;
  }
}

export function draw(plot, values, address) {
  plot.dataset.state = "waiting";
  last = last.then(() => show(plot, values, address));
}

export function remove(plot) {
  window.InterpFigures?.remove(plot);
}
