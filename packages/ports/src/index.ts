export {
  CancelSource,
  type CancelSignal,
  canceled,
  neverCanceled,
  sleep,
  throwIfCanceled,
  withTimeout,
} from "./cancel.ts";
export { type Clock, type TimerHandle } from "./clock.ts";
export { type Crypto } from "./crypto.ts";
export { type DatagramSocket, type DatagramSockets, type Endpoint } from "./datagram.ts";
export { Engine, type EngineOptions, type Step, type TimerEffect, type TimerFired } from "./engine.ts";
export { type HttpClient, type HttpReply, type HttpRequest } from "./http.ts";
export { type BlinkPattern, type Led, noLed } from "./led.ts";
export { type Log, type LogFields, type LogLevel, silentLog } from "./log.ts";
export { type MqttConnector, type MqttConnectOptions, type MqttLink, type MqttSecurity } from "./mqtt.ts";
export { type PhoneWifi } from "./phone-wifi.ts";
export {
  type Band,
  type NetworkCredentials,
  type NetworkSecurity,
  type Radio,
  type RadioCapabilities,
  type SeenNetwork,
  type SoftAp,
  type SoftApOptions,
  type Station,
  type StationLease,
  type StationStatus,
} from "./radio.ts";
export { type Random, randomFraction, randomText } from "./random.ts";
export { type KeyValueStore } from "./store.ts";
export { type StreamConnection, type StreamListener, type Streams } from "./stream.ts";
export { type WebSocketLink, type WebSockets } from "./web-socket.ts";
