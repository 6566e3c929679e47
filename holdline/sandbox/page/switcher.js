// On a narrow window the phones lie in a row; this bar says who is where and brings one into view.
import { el, face } from "./dom.js";

export function switcher(bar, room, panels) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const bring = (panel) => {
    if (!panel || room.scrollWidth <= room.clientWidth) return;
    room.scrollTo({ left: panel.root.offsetLeft - room.offsetLeft - 10, behavior: calm.matches ? "auto" : "smooth" });
  };
  const draw = () => {
    bar.replaceChildren(...panels.map((panel) => {
      const person = panel.person;
      const name = panel.root.getAttribute("aria-label");
      const sign = person ? face(person) : el("span", { class: "face face-tool", "aria-hidden": "true" }, "📣");
      return el("button", { type: "button", title: name, "aria-label": name, onclick: () => bring(panel) }, sign, el("span", {}, person?.first_name ?? name));
    }));
    mark();
  };
  const mark = () => {
    const middle = room.scrollLeft + room.clientWidth / 2;
    panels.forEach((panel, i) => {
      const left = panel.root.offsetLeft - room.offsetLeft;
      bar.children[i]?.classList.toggle("here", left <= middle && middle < left + panel.root.offsetWidth + 10);
    });
  };
  room.addEventListener("scroll", mark, { passive: true });
  addEventListener("resize", mark);
  draw();
  return { bring, draw };
}
