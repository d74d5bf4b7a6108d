import { randomBytes, randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";

/** Sends what nobody asked for until it is ended: `node main.js <host> <port> <datagrams a second>`. */
const [host = "", port = "", perSecond = ""] = process.argv.slice(2);
/** Every so many datagrams one connection. */
const datagramsPerConnection = 20;
const mostDatagramLength = 1_400;
const connectionLength = 5_000;

const socket = createSocket("udp4");
// Out of reach, refused, reset: the next one is tried all the same.
socket.on("error", () => {});
let sent = 0;
setInterval(
  () => {
    sent += 1;
    socket.send(randomBytes(randomInt(mostDatagramLength)), Number(port), host, () => {});
    if (sent % datagramsPerConnection !== 0) return;
    const connection = connect(Number(port), host);
    connection.on("error", () => {});
    connection.end(randomBytes(connectionLength));
  },
  1_000 / Number(perSecond),
);
