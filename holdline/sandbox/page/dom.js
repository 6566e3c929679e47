// Elements from plain values; text is always text, never markup: names and messages are strangers' words.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function toast(text) {
  const line = el("div", {}, text);
  document.getElementById("toasts").append(line);
  setTimeout(() => line.remove(), 4500);
}

const COLOURS = ["#2f6fed", "#0f9d76", "#b45309", "#9333ea", "#db2777", "#0e7490"];
export const colour = (id) => COLOURS[Math.abs(id) % COLOURS.length];
export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
