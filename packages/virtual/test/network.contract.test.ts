import { LossyDatagramSockets, SeededRandom, VirtualClock, VirtualNetwork } from "@softap/virtual";
import {
  datagramSocketsContract,
  type DatagramSocketsWorld,
  streamsContract,
  type StreamsWorld,
  virtualTime,
} from "@softap/virtual/contracts";
import type { DatagramSockets } from "@softap/ports";
import { expect } from "vitest";

/** Two hosts on a segment with some delay; the streams' loses a fifth of everything. */
function hosts(loss: number) {
  const clock = new VirtualClock();
  const network = new VirtualNetwork({ clock, seed: 3, conditions: { delayMs: 2, jitterMs: 1, loss } });
  const lan = network.segment("lan");
  const [host, peer] = [network.host("host"), network.host("peer")];
  host.attach(lan, "192.168.1.10");
  peer.attach(lan, "192.168.1.11");
  const cleanup = async (): Promise<void> => {
    await clock.runAll(60_000);
    expect(clock.pending).toEqual([]);
  };
  return { clock, network, host, peer, time: virtualTime(clock), cleanup };
}

function datagramWorld(wrap: (sockets: DatagramSockets, clock: VirtualClock) => DatagramSockets) {
  return async (): Promise<DatagramSocketsWorld> => {
    const { clock, host, peer, time, cleanup } = hosts(0);
    return {
      sockets: wrap(host.datagrams, clock),
      address: "192.168.1.10",
      peer: wrap(peer.datagrams, clock),
      peerAddress: "192.168.1.11",
      time,
      cleanup,
    };
  };
}

async function streamsWorld(): Promise<StreamsWorld> {
  const { host, peer, time, cleanup } = hosts(0.2);
  return {
    streams: host.streams,
    address: "192.168.1.10",
    peer: peer.streams,
    peerAddress: "192.168.1.11",
    time,
    cleanup,
  };
}

async function loopbackWorld(): Promise<StreamsWorld> {
  const { host, time, cleanup } = hosts(0);
  const { streams } = host;
  return { streams, address: "127.0.0.1", peer: streams, peerAddress: "127.0.0.1", time, cleanup };
}

datagramSocketsContract(
  "virtual hosts",
  datagramWorld((sockets) => sockets),
);
datagramSocketsContract(
  "lossy sockets with delay and no loss",
  datagramWorld(
    (sockets, clock) => new LossyDatagramSockets({ sockets, clock, random: new SeededRandom(1), delayMs: 3 }),
  ),
);
streamsContract("virtual hosts on a lossy link", streamsWorld);
streamsContract("one virtual host", loopbackWorld);
