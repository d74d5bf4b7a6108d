import { FileStore, nodeClock, nodeCrypto, NodeDatagramSockets, nodeRandom, NodeStreams } from "@softap/node";
import {
  clockContract,
  cryptoContract,
  datagramSocketsContract,
  keyValueStoreContract,
  randomContract,
  streamsContract,
} from "@softap/virtual/contracts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const address = "127.0.0.1";
const cleanup = async (): Promise<void> => {};

clockContract("Node", async () => ({ clock: nodeClock, cleanup }));

randomContract("Node", async () => ({ random: nodeRandom, cleanup }));

cryptoContract("Node", async () => ({ crypto: nodeCrypto, cleanup }));

datagramSocketsContract("Node", async () => {
  const sockets = new NodeDatagramSockets();
  return { sockets, address, peer: sockets, peerAddress: address, cleanup };
});

streamsContract("Node", async () => {
  const streams = new NodeStreams();
  return { streams, address, peer: streams, peerAddress: address, cleanup };
});

keyValueStoreContract("FileStore", async () => {
  const folder = await mkdtemp(join(tmpdir(), "softap-store-"));
  let store = await FileStore.open(folder);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await FileStore.open(folder);
      return store;
    },
    cleanup: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
