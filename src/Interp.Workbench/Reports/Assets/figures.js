// Draws figures with plotly.js: unpacks their arrays, gives them the page's colours, keeps both in step with the theme.
// A plain script, so that a report can carry it inside and the app can load it as it is.
(() => {
  "use strict";

  const arrayTypes = {
    i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array, f4: Float32Array, f8: Float64Array,
  };
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  const drawn = new Map();
  const fewPoints = 5000;

  function bytesOfText(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      bytes[i] = text.charCodeAt(i);
    }
    return bytes.buffer;
  }

  function swapped(buffer, start, length, width) {
    const bytes = new Uint8Array(buffer.slice(start, start + length));
    for (let i = 0; i < length; i += width) {
      bytes.subarray(i, i + width).reverse();
    }
    return bytes.buffer;
  }

  function typedArray(packed, buffer, base) {
    const Type = arrayTypes[packed.dtype];
    const width = Type.BYTES_PER_ELEMENT;
    const shape = packed.shape.split(",").map(Number);
    const count = shape.reduce((a, b) => a * b, 1);
    let source = packed.bdata === undefined ? buffer : bytesOfText(packed.bdata);
    let start = packed.bdata === undefined ? base + packed.offset : 0;
    if (!littleEndian) {
      source = swapped(source, start, count * width, width);
      start = 0;
    }
    if (shape.length === 1) {
      return new Type(source, start, count);
    }
    return Array.from({ length: shape[0] }, (_, row) => new Type(source, start + row * shape[1] * width, shape[1]));
  }

  // Replaces every packed array inside a value by a typed array.
  function unpack(value, buffer, base) {
    if (Array.isArray(value)) {
      return value.map(item => unpack(item, buffer, base));
    }
    if (value === null || typeof value !== "object") {
      return value;
    }
    if (typeof value.dtype === "string" && typeof value.shape === "string") {
      return typedArray(value, buffer, base);
    }
    for (const key of Object.keys(value)) {
      value[key] = unpack(value[key], buffer, base);
    }
    return value;
  }

  function parse(text) {
    return unpack(JSON.parse(text));
  }

  function read(buffer) {
    const length = new DataView(buffer).getInt32(0, true);
    const figure = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    return unpack(figure, buffer, Math.ceil((4 + length) / 8) * 8);
  }

  function colours(element) {
    const style = getComputedStyle(element);
    const value = name => style.getPropertyValue(name).trim();
    return {
      text: value("--figure-text") || "#222",
      muted: value("--figure-muted") || "#666",
      grid: value("--figure-grid") || "#ddd",
      ground: value("--figure-ground") || "#fff",
      series: (value("--figure-series") || "#2563eb,#d97706,#059669,#be185d,#7c3aed,#0891b2,#65a30d,#475569").split(",").map(c => c.trim()),
      low: value("--figure-low") || "#f1f5f9",
      high: value("--figure-high") || "#1e3a8a",
      font: style.fontFamily,
    };
  }

  function axis(given, c) {
    return Object.assign({}, given, {
      gridcolor: c.grid, linecolor: c.grid, zerolinecolor: c.muted, tickcolor: c.grid, automargin: true,
      title: given.title ? Object.assign({ standoff: 8 }, given.title) : given.title,
    });
  }

  // The layout with the page's colours; what the figure itself sets, other than colours of the frame, stays.
  function themed(layout, element) {
    const c = colours(element);
    const result = Object.assign({}, layout, {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: Object.assign({}, layout.font, { color: c.text, family: c.font, size: 13 }),
      colorway: layout.colorway || c.series,
      hoverlabel: Object.assign({ bgcolor: c.ground, bordercolor: c.muted, font: { color: c.text } }, layout.hoverlabel),
      // Above the plot, where it takes no width from it; a figure that says where its legend goes is left alone.
      legend: Object.assign({ bgcolor: "rgba(0,0,0,0)" }, layout.legend && (layout.legend.x ?? layout.legend.y ?? layout.legend.orientation) !== undefined
        ? {} : { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", font: { size: 12 } }, layout.legend),
      margin: Object.assign({ l: 64, r: 24, t: 24, b: 56 }, layout.margin),
      modebar: { bgcolor: "rgba(0,0,0,0)", color: c.muted, activecolor: c.text },
      autosize: true,
    });
    if (!layout.colorscale && !layout.coloraxis) {
      result.colorscale = { sequential: [[0, c.low], [1, c.high]] };
    }
    delete result.title;
    delete result.width;
    const names = Object.keys(layout).filter(key => /^[xy]axis\d*$/.test(key));
    for (const name of new Set(["xaxis", "yaxis", ...names])) {
      result[name] = axis(layout[name] || {}, c);
    }
    for (const name of Object.keys(layout).filter(key => /^scene\d*$/.test(key))) {
      result[name] = Object.assign({}, layout[name]);
      for (const side of ["xaxis", "yaxis", "zaxis"]) {
        result[name][side] = Object.assign({}, (layout[name] || {})[side], { gridcolor: c.grid, zerolinecolor: c.muted, backgroundcolor: "rgba(0,0,0,0)" });
      }
    }
    result.annotations = (layout.annotations || []).map(note => Object.assign({}, note, { font: Object.assign({}, note.font, { color: c.text }) }));
    return result;
  }

  function config(figure) {
    return {
      responsive: true, displaylogo: false, showSendToCloud: false, showEditInChartStudio: false,
      modeBarButtonsToRemove: ["lasso2d", "select2d"],
      toImageButtonOptions: { filename: figure.name, format: "svg" },
    };
  }

  // Few points are drawn as SVG, which prints, scales and needs none of a browser's few WebGL contexts.
  function light(trace) {
    const plain = { scattergl: "scatter" }[trace.type];
    return plain && Math.max(size(trace.x), size(trace.y)) <= fewPoints ? Object.assign({}, trace, { type: plain }) : trace;
  }

  // A scale beside the plot takes no more width than it needs: a thin bar, its title along it.
  function slim(bar) {
    const title = bar?.title && typeof bar.title === "object" ? bar.title : bar?.title ? { text: bar.title } : undefined;
    return Object.assign({ thickness: 12, outlinewidth: 0 }, bar, title ? { title: Object.assign({ side: "right" }, title) } : {});
  }

  function slimScales(trace) {
    if (isList(trace.z) && trace.showscale !== false && !trace.coloraxis) {
      return Object.assign({}, trace, { colorbar: slim(trace.colorbar) });
    }
    return trace.marker?.colorbar ? Object.assign({}, trace, { marker: Object.assign({}, trace.marker, { colorbar: slim(trace.marker.colorbar) }) }) : trace;
  }

  // How many plots a figure has one above the other.
  function rowsOf(layout) {
    const bottoms = Object.keys(layout).filter(key => /^yaxis\d*$/.test(key) && !layout[key].overlaying).map(key => layout[key].domain?.[0] ?? 0);
    return layout.grid?.rows ?? new Set(bottoms).size;
  }

  // What a legend of many or long entries takes from the plot below it: plotly sets them in columns as wide as the longest.
  function legendHeight(figure, width) {
    const names = figure.data.filter(trace => trace.showlegend !== false && trace.name).map(trace => trace.name);
    if (names.length < 2 || figure.layout.showlegend === false || figure.layout.legend?.orientation) {
      return 0;
    }
    const columns = Math.max(1, Math.floor((width - 90) / (45 + 6.5 * Math.max(...names.map(name => name.length)))));
    return 19 * Math.max(0, Math.ceil(names.length / columns) - 2);
  }

  async function draw(element, figure) {
    figure.data = figure.data.map(light).map(slimScales);
    const rows = rowsOf(figure.layout);
    const height = figure.layout.height ?? (rows > 1 ? 120 + 260 * rows : element.clientHeight || 380);
    element.style.height = `${height + legendHeight(figure, element.clientWidth)}px`;
    await Plotly.react(element, figure.data, themed(figure.layout, element), config(figure));
    element.dataset.points = String(points(figure));
    drawn.set(element, figure);
  }

  function remove(element) {
    if (drawn.delete(element)) {
      Plotly.purge(element);
    }
  }

  // After the theme changed: the same data under new colours.
  async function retheme() {
    for (const [element, figure] of drawn) {
      if (element.isConnected) {
        await Plotly.react(element, figure.data, themed(figure.layout, element), config(figure));
      } else {
        drawn.delete(element);
      }
    }
  }

  const isList = value => Array.isArray(value) || ArrayBuffer.isView(value);

  function size(list) {
    return !isList(list) ? 0 : isList(list[0]) ? list.reduce((sum, row) => sum + row.length, 0) : list.length;
  }

  function points(figure) {
    return figure.data.reduce((sum, trace) => sum + Math.max(size(trace.x), size(trace.y), size(trace.z)), 0);
  }

  // The values of a figure as rows, the first of them the heading; at most "limit" of them.
  function rows(figure, limit) {
    const result = [["trace", "x", "y", "value"]];
    figure.data.forEach((trace, number) => {
      const name = trace.name || `${trace.type || "trace"} ${number + 1}`;
      if (isList(trace.z) && isList(trace.z[0])) {
        trace.z.forEach((row, r) => Array.from(row).forEach((value, column) => {
          if (result.length <= limit) {
            result.push([name, isList(trace.x) ? trace.x[column] : column, isList(trace.y) ? trace.y[r] : r, value]);
          }
        }));
        return;
      }
      const count = Math.max(size(trace.x), size(trace.y));
      for (let i = 0; i < count && result.length <= limit; i++) {
        const colour = trace.marker && isList(trace.marker.color) ? trace.marker.color[i] : isList(trace.z) ? trace.z[i] : "";
        result.push([name, isList(trace.x) ? trace.x[i] : i, isList(trace.y) ? trace.y[i] : "", colour]);
      }
    });
    return result;
  }

  // Fills an empty table element with a figure's values.
  function fillTable(table, figure, limit = 1000) {
    const text = value => typeof value === "number" ? String(Math.fround(value) === value ? Number(value.toPrecision(7)) : value) : value ?? "";
    const [heading, ...body] = rows(figure, limit);
    const row = (cells, kind) => {
      const line = document.createElement("tr");
      for (const cell of cells) {
        line.appendChild(Object.assign(document.createElement(kind), { textContent: text(cell) }));
      }
      return line;
    };
    const head = table.createTHead();
    head.appendChild(row(heading, "th"));
    const lines = table.createTBody();
    body.forEach(cells => lines.appendChild(row(cells, "td")));
    const all = points(figure);
    if (all > body.length) {
      table.createCaption().textContent = `The first ${body.length} of ${all} values.`;
    }
  }

  // How far a plot is from the window, in pixels: 0 where a part of it is seen.
  function distance(plot) {
    const box = plot.getBoundingClientRect();
    return Math.max(box.top - window.innerHeight, -box.bottom, 0);
  }

  // Takes the entry with the plot nearest to the window out of a list of those that wait, after a moment of idleness where nobody sees it yet.
  async function takeNearest(waiting) {
    if (!waiting.some(entry => distance(entry.plot) === 0)) {
      await new Promise(resolve => window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 200 }) : setTimeout(resolve));
    }
    const distances = waiting.map(entry => distance(entry.plot));
    return waiting.splice(distances.indexOf(Math.min(...distances)), 1)[0];
  }

  window.InterpFigures = { parse, read, draw, remove, retheme, points, fillTable, takeNearest };
})();
