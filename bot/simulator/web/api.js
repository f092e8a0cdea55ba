// Every request of the page to the simulator, on the address it was served from.

export class Refused extends Error {}

async function ask(path, options = {}) {
  const answer = await fetch(path, { cache: "no-store", ...options });
  if (!answer.ok) throw new Refused(await reason(answer));
  return answer.json();
}

async function reason(answer) {
  const text = await answer.text().catch(() => "");
  try {
    const body = JSON.parse(text);
    return String(body.error ?? body.description ?? answer.status);
  } catch {
    return text.slice(0, 200) || String(answer.status);
  }
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const readState = () => ask("/chat/state");
export const readMessages = (user, after = null) =>
  ask(`/chat/${user}/messages${after === null ? "" : `?after=${after}`}`);
export const sendText = (user, text, replyTo = null) => post(`/chat/${user}/send`, { text, reply_to: replyTo });
export const press = (user, messageId, index) => post(`/chat/${user}/press`, { message_id: messageId, index });
export const editText = (user, messageId, text) => post(`/chat/${user}/edit`, { message_id: messageId, text });
export const setBlocked = (user, blocked) => post(`/chat/${user}/${blocked ? "block" : "unblock"}`, {});
export const markRead = (user) => post(`/chat/${user}/read`, {});
export const openEvents = (user) => new EventSource(`/chat/${user}/events`);

/** Upload a file; `onProgress` hears the share sent, 0 to 1. */
export function upload(user, { kind, file, caption, duration = 0 }, onProgress) {
  const form = new FormData();
  form.append("kind", kind);
  form.append("caption", caption);
  form.append("duration", String(duration));
  form.append("file", file, file.name || (kind === "photo" ? "photo.png" : "document"));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch cannot tell the progress of an upload
    request.open("POST", `/chat/${user}/upload`);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.addEventListener("load", () => settleUpload(request, resolve, reject));
    request.send(form);
  });
}

async function settleUpload(request, resolve, reject) {
  const answer = new Response(request.responseText, { status: request.status });
  if (answer.ok) resolve(await answer.json());
  else reject(new Refused(await reason(answer)));
}
