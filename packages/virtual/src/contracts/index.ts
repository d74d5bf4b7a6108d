export { type ClockWorld, clockContract } from "./clock.ts";
export { cryptoContract, type CryptoWorld } from "./crypto.ts";
export { datagramSocketsContract, type DatagramSocketsWorld } from "./datagram-sockets.ts";
export {
  answerContractRequest,
  type ContractHttpReply,
  type ContractHttpRequest,
  httpClientContract,
  type HttpClientWorld,
} from "./http-client.ts";
export { keyValueStoreContract, type KeyValueStoreWorld } from "./key-value-store.ts";
export {
  type ContractMqttMessage,
  type ContractMqttSession,
  mqttConnectorContract,
  type MqttConnectorWorld,
} from "./mqtt-connector.ts";
export { type DevicePlace } from "./phone-world-device.ts";
export {
  type ContractProvisioning,
  type ContractProvisionOptions,
  type PhoneWorld,
  type PhoneWorldPorts,
} from "./phone-world-scene.ts";
export { phoneWorldContract } from "./phone-world.ts";
export { type ContractPhone, type ContractRouter, radioContract, type RadioWorld } from "./radio.ts";
export { ledContract, type LedWorld } from "./led.ts";
export { randomContract, type RandomWorld } from "./random.ts";
export { streamsContract, type StreamsWorld } from "./streams.ts";
export { virtualTime } from "./virtual-time.ts";
export { webSocketsContract, type WebSocketsWorld } from "./web-sockets.ts";
export { type ContractWorld, type PassingTime, realTime } from "./world.ts";
