// Stands between Datasette's pages and the host: what they ask for below in/ID/ goes to the page that
// shows them, which has Datasette in a worker of its own. ID is that of the page among the browser's pages.

const ROOM = new URL("./in/", self.location).pathname;
const SHELL = new URL("./index.html", self.location).href;

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// A page asks which it is.
addEventListener("message", ({ source }) => source.postMessage({ id: source.id }));

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin === self.location.origin && address.pathname.startsWith(ROOM)) {
    event.respondWith(respond(event.request, address));
  }
});

async function respond(request, address) {
  const [id, ...rest] = address.pathname.slice(ROOM.length).split("/");
  const shell = await self.clients.get(id);
  // A page of its own, such as a link opened in a new tab, begins anew.
  if (!shell || request.destination === "document") {
    return Response.redirect(`${SHELL}#/${rest.join("/")}${address.search}`, 302);
  }
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  const asked = { method: request.method, path: address.pathname, query: address.search.slice(1) };
  shell.postMessage({ request: asked }, [port2]);
  const { status, headers, body } = await answered;
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
}
