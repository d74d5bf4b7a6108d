import type { Clock, Crypto, DatagramSockets, HttpClient, Random, Streams } from "@softap/ports";
import { nodeClock } from "./clock.ts";
import { nodeCrypto } from "./crypto.ts";
import { NodeDatagramSockets } from "./datagram-sockets.ts";
import { NodeHttpClient } from "./http-client.ts";
import { NodeMqttConnector } from "./mqtt/connector.ts";
import { nodeRandom } from "./random.ts";
import { NodeStreams } from "./streams.ts";

/** What Node itself has of what a device asks for. */
export interface NodePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly datagrams: DatagramSockets;
  readonly streams: Streams;
  readonly mqtt: NodeMqttConnector;
  readonly http: HttpClient;
}

/** Makes the ports of a device on Node. Radio and store, which differ from device to device, go beside them. */
export function nodePorts(): NodePorts {
  return {
    clock: nodeClock,
    random: nodeRandom,
    crypto: nodeCrypto,
    datagrams: new NodeDatagramSockets(),
    streams: new NodeStreams(),
    mqtt: new NodeMqttConnector(),
    http: new NodeHttpClient(),
  };
}
