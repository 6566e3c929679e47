// The only place that talks to the sandbox.
async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(words(said, answer.status)), { status: answer.status, said });
  return said;
}

function words(said, status) {
  if (said.error) return said.error.message;
  if (typeof said.detail === "string") return said.detail;
  return `HTTP ${status}`;
}

export const look = (path) => call("GET", `/sandbox/${path}`);
export const act = (path, body) => call("POST", `/sandbox/${path}`, body);
export const put = (path, body) => call("PUT", `/sandbox/${path}`, body);
export const tool = {
  get: (path) => call("GET", `/sandbox/tool/api/v1/${path}`),
  post: (path, body) => call("POST", `/sandbox/tool/api/v1/${path}`, body),
};

const KINDS = ["message", "edit", "delete", "reaction", "topic", "topic_deleted", "chat", "callback_answer", "user", "blocked", "reset"];

// Calls `heard(event)` for every change; `live(true|false)` tells whether the line stands.
export function follow(since, heard, live) {
  const source = new EventSource(`/sandbox/events?since=${since}`);
  source.onopen = () => live(true);
  source.onerror = () => live(false);
  for (const kind of KINDS) source.addEventListener(kind, (event) => heard(JSON.parse(event.data)));
  return source;
}
