import { NodeMqttConnector } from "@softap/node";
import { Secret } from "@softap/protocol";
import { mqttConnectorContract } from "@softap/virtual/contracts";
import { readFileSync } from "node:fs";
import { type BrokerSecurity, ContractBroker } from "./contract-broker.ts";

const pskText = "Y2FuYXJ5LWtleS0xNjEyMw==";
const passwordText = "canary-password;hmacsha256";

function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

const psk: BrokerSecurity = {
  tls: {
    pskCallback: (_socket, identity) =>
      identity.startsWith("device-") ? Buffer.from(pskText, "base64") : null,
    ciphers: "TLS_AES_128_GCM_SHA256:PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA",
  },
  security: (clientId) => ({ kind: "psk", identity: clientId, key: Secret.of(pskText) }),
};

const password: BrokerSecurity = {
  security: () => ({ kind: "password", password: Secret.of(passwordText) }),
  acceptsPassword: (text) => text === passwordText,
};

const certificate: BrokerSecurity = {
  tls: {
    cert: fixture("server.pem"),
    key: fixture("server.key"),
    ca: fixture("authority.pem"),
    requestCert: true,
  },
  security: () => ({
    kind: "certificate",
    certificate: fixture("client.pem"),
    privateKey: Secret.of(fixture("client.key")),
    authority: fixture("authority.pem"),
  }),
};

const kinds = [
  { name: "TLS-PSK", security: psk, secret: pskText },
  { name: "password over TCP", security: password, secret: passwordText },
  { name: "certificate over TLS", security: certificate, secret: fixture("client.key").slice(40, 80) },
];

for (const { name, security, secret } of kinds)
  mqttConnectorContract(`Node, ${name}`, async () =>
    Object.assign(await ContractBroker.start(security), { connector: new NodeMqttConnector(), secret }),
  );
