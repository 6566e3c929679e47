// What this browser remembers of one demo: open topics, drafts, the guide's step. A new demo starts clean.
let demo = "";

export const name = (identity) => (demo = identity);

export function recall(key, otherwise) {
  try {
    const kept = JSON.parse(localStorage.getItem("holdline.demo") ?? "{}");
    return kept.demo === demo && key in kept.values ? kept.values[key] : otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key, value) {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("holdline.demo") ?? "{}");
  } catch {
    // Somebody else's words under our name: written over below.
  }
  const values = kept.demo === demo ? kept.values : {};
  localStorage.setItem("holdline.demo", JSON.stringify({ demo, values: { ...values, [key]: value } }));
}
