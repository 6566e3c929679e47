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

const TOAST_MS = 4500;

export function toast(text, place = document.getElementById("toasts")) {
  const line = el("div", {}, text);
  place.append(line);
  setTimeout(() => line.remove(), TOAST_MS);
}

// Runs what a person asked for; what goes wrong is said, not swallowed.
export const tried = (run) => Promise.resolve().then(run).catch((broken) => toast(broken.message));

// Colours are classes: the page's security policy forbids styles written into elements.
const FACES = 6;
export function face(person, sign = [...person.first_name][0] ?? "?") {
  return el("span", { class: `face face-${Math.abs(person.id) % FACES}`, "aria-hidden": "true" }, sign);
}
