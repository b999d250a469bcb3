// A WebSocket and an EventSource that are Node's own, as a browser has them. What they are told is printed, a line each.
const [, , server, path] = process.argv;
const say = (from, what) => console.log(JSON.stringify({ from, ...what }));

const socket = new WebSocket(new URL(path, server.replace(/^http/, 'ws')));
socket.onmessage = ({ data }) => say('socket', { message: JSON.parse(data) });
socket.onclose = ({ code, reason, wasClean }) => say('socket', { code, reason, wasClean });

// It comes back by itself after the time that the server gave it, until its second snapshot; its own timer would not
// keep Node from ending before.
const staying = setInterval(() => {}, 1000);
const stream = new EventSource(new URL(path, server));
let snapshots = 0;
for (const type of ['snapshot', 'sale', 'order', 'drain']) {
  stream.addEventListener(type, ({ data, lastEventId }) => {
    say('stream', { type, id: lastEventId, message: JSON.parse(data) });
    if (type === 'snapshot' && ++snapshots === 2) {
      stream.close();
      clearInterval(staying);
    }
  });
}
