/** Opens one of everything, closes it, and must end by itself then. */
import { FileStore, nodeClock, NodeDatagramSockets, NodeStreams } from "@softap/node";
import { neverCanceled, sleep, type StreamConnection } from "@softap/ports";

const signal = neverCanceled;
const address = "127.0.0.1";

const store = await FileStore.open(process.argv[2] ?? "");
await store.apply({ key: Uint8Array.of(1) }, { signal });
await store.close();

const socket = await new NodeDatagramSockets().open({ port: 0, address, signal });
await socket.send(Uint8Array.of(1), { address, port: socket.localPort }, { signal });
socket.close();

const streams = new NodeStreams();
const accepted: StreamConnection[] = [];
const listener = await streams.listen({
  port: 0,
  address,
  onConnection: (connection) => accepted.push(connection),
  signal,
});
const client = await streams.connect({ to: { address, port: listener.localPort }, signal });
await client.write(Uint8Array.of(1), { signal });
listener.close();
client.close();
for (const connection of accepted) connection.close();

nodeClock.after("never", 3_600_000, () => {}).cancel();
await sleep(nodeClock, { name: "contract", delayMs: 1, signal });
process.stdout.write("closed\n");
