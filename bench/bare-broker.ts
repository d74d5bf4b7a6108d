/**
 * Child process of the cloud bench: aedes behind TLS-PSK that answers the token report, with neither rights nor
 * database. What is left is what the protocol itself costs.
 */
import { createServer } from "node:tls";
import { Aedes } from "aedes";
import { decodeServiceUp, encodeServiceDown, ProtocolError, thingDownTopic } from "@softap/protocol";

const key = Buffer.from(process.env["BENCH_PSK"] ?? "", "base64");
const broker = await Aedes.createBroker();
broker.on("publish", (packet, client) => {
  if (client === null || !packet.topic.startsWith("$thing/up/service/")) return;
  const message = decodeServiceUp(Buffer.from(packet.payload as Uint8Array));
  if (message instanceof ProtocolError) return;
  const [productId = "", deviceName = ""] = packet.topic.split("/").slice(-2);
  const device = { productId, deviceName };
  const reply = encodeServiceDown(
    { method: "app_bind_token_reply", clientToken: message.clientToken, code: 0, status: "success" },
    { device, timestampS: 0 },
  );
  broker.publish(
    {
      cmd: "publish",
      topic: thingDownTopic("service", device),
      payload: Buffer.from(reply),
      qos: 0,
      retain: false,
      dup: false,
    },
    () => {},
  );
});
const server = createServer(
  { pskCallback: () => key, ciphers: "PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA", minVersion: "TLSv1.2" },
  (socket) => broker.handle(socket),
);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ mqttsPort: typeof address === "object" ? address?.port : 0 });
});
process.on("message", (question) => {
  if (question === "cpu") process.send?.({ cpu: process.cpuUsage() });
  if (question === "stop") process.exit(0);
});
// The parent is gone, whatever the reason: so is this.
process.on("disconnect", () => process.exit(0));
