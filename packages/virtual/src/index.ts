export { airFromJson, type AirPlan, defaultAirPlan } from "./air/air-from-json.ts";
export { VirtualAir, type VirtualAirOptions } from "./air/air.ts";
export { VirtualPhoneWifi, type VirtualPhoneWifiOptions } from "./air/phone-wifi.ts";
export { type RadioEvent, type RadioFailure } from "./air/radio-core.ts";
export { VirtualRadio, type VirtualRadioOptions } from "./air/radio.ts";
export { type RouterClient, type RouterOptions, VirtualRouter } from "./air/router.ts";
export { type SoftApMember, VirtualSoftAp } from "./air/soft-ap.ts";
export { type StationOptions, VirtualStation } from "./air/station.ts";
export { VirtualClock, type VirtualClockOptions, VirtualWallClock } from "./clock.ts";
export { failEach, failNth, type Fault, type FaultMoment, type MethodOf } from "./faults.ts";
export { type ShownPattern, VirtualLed } from "./led.ts";
export { virtualLimits } from "./limits.ts";
export { LossyDatagramSockets, type LossyOptions } from "./lossy-datagram-sockets.ts";
export { type LogLine, MemoryLog } from "./memory-log.ts";
export { MemoryStore } from "./memory-store.ts";
export { type MqttOutage, VirtualMqttBroker, type VirtualMqttBrokerOptions } from "./mqtt/broker.ts";
export { VirtualMqttConnector, type VirtualMqttConnectorOptions } from "./mqtt/connector.ts";
export { VirtualMqttLink } from "./mqtt/link.ts";
export { type VirtualMqttHandler, type VirtualMqttMessage, VirtualMqttSession } from "./mqtt/session.ts";
export { VirtualDatagramSockets } from "./network/datagram-sockets.ts";
export { type Route, VirtualHost } from "./network/host.ts";
export { type Fate, type LinkConditions, linkConditions, perfectLink, VirtualLink } from "./network/link.ts";
export { type NetworkTrace, VirtualNetwork, type VirtualNetworkOptions } from "./network/network.ts";
export { VirtualSegment } from "./network/segment.ts";
export { VirtualStreams } from "./network/streams.ts";
export { SeededRandom } from "./random.ts";
export { VirtualHttpClient } from "./web/http-client.ts";
export { VirtualWebSocketPeer } from "./web/web-socket-peer.ts";
export { VirtualWebSockets } from "./web/web-sockets.ts";
export {
  type HttpOutage,
  type VirtualHttpRequest,
  type VirtualServerHandlers,
  VirtualWeb,
  VirtualWebServer,
} from "./web/web.ts";
