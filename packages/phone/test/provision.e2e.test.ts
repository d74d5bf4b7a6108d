import { describe, expect, test } from "vitest";
import { NodeDatagramSockets, nodeClock, nodeRandom } from "@softap/node";
import { provision, readDeviceLog } from "@softap/phone";
import { neverCanceled } from "@softap/ports";
import { decodeRequest, encodeInfoReply, encodeUtf8, type Phase, ProtocolError } from "@softap/protocol";
import { deviceName, FakeCloud, productId, rightPassphrase } from "./world.ts";

const address = "127.0.0.1";
const datagrams = new NodeDatagramSockets();
const ports = { clock: nodeClock, random: nodeRandom, datagrams };

describe("on real sockets", () => {
  test("provision() is bound within a second, and readDeviceLog() reads the log", async () => {
    const cloud = new FakeCloud(nodeClock);
    const socket = await datagrams.open({ port: 0, address, signal: neverCanceled });
    try {
      socket.onDatagram = (datagram, from) => {
        const reply = (bytes: Uint8Array): Promise<void> =>
          socket.send(bytes, from, { signal: neverCanceled });
        const info = (phase: Phase): Promise<void> =>
          reply(encodeInfoReply({ productId, deviceName, productRegion: "", status: { phase, attempt: 1 } }));
        const request = decodeRequest(datagram);
        if (request instanceof ProtocolError) return;
        if (request.type === "logQuery") void reply(encodeUtf8("1|join: ok\r\n"));
        else {
          cloud.state = 2;
          void info("joining").then(() => info("bound"));
        }
      };
      const device = { address, port: socket.localPort };
      const network = { ssid: "Home-WiFi", passphrase: rightPassphrase };
      const verdict = await provision({ cloud, network, device, ports }).result;
      expect(verdict).toMatchObject({ verdict: "bound", deviceId: `${productId}/${deviceName}` });
      expect(verdict.elapsedMs).toBeLessThan(1_000);
      expect(await readDeviceLog({ via: "provisioning", device, ports })).toBe("1|join: ok\n");
    } finally {
      socket.close();
    }
  });

  test("provision() outlives a port where nobody listens, and says so when its time is up", async () => {
    const closed = await datagrams.open({ port: 0, address, signal: neverCanceled });
    const port = closed.localPort;
    closed.close();
    const verdict = await provision({
      cloud: new FakeCloud(nodeClock),
      network: { ssid: "Home-WiFi", passphrase: rightPassphrase },
      device: { address, port },
      limits: { silentAfterMs: 300, silentAskMs: 300 },
      ports,
    }).result;
    expect(verdict).toMatchObject({ verdict: "failed", code: "DEVICE_SILENT", attempts: 1 });
  });
});
