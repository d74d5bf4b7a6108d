export { errorCodeOfApp } from "./app/app-code.ts";
export {
  appFailureCode,
  type AppReply,
  formatAppFailure,
  formatAppReply,
  parseAppReply,
} from "./app/envelope.ts";
export { appSigningText, isAppRequestSigned, signAppRequest } from "./app/signature.ts";
export {
  decodeUtf8,
  displayBytes,
  encodeUtf8,
  equalBytes,
  formatBase64,
  formatHex,
  isWellFormed,
  parseBase64,
  utf8Length,
} from "./bytes.ts";
export { CommandType, protocolVersion } from "./datagram/command-type.ts";
export { passphraseProblem, ssidProblem, tokenProblem } from "./datagram/limits-check.ts";
export {
  decodeReply,
  decodeV1Status,
  type DeviceReply,
  type DeviceStatus,
  encodeErrorReply,
  encodeInfoReply,
  encodeJoinedNotification,
  encodeV1ReceivedReply,
  encodeV1StatusReply,
  type ErrorReply,
  type InfoReply,
  type JoinedNotification,
  type Phase,
  phases,
  type V1ReceivedReply,
  type V1Status,
} from "./datagram/reply.ts";
export { encodeNetworkRequest, encodeTokenRequest, logQueryDatagram } from "./datagram/request-encode.ts";
export {
  decodeRequest,
  type DeviceRequest,
  isTrace,
  type LogQuery,
  type NetworkRequest,
  type TokenRequest,
  type V1StatusRequest,
} from "./datagram/request.ts";
export {
  asSoftApError,
  CanceledError,
  CloudError,
  type ErrorDetails,
  InternalError,
  isErrorCode,
  isSoftApError,
  ProtocolError,
  SoftApError,
  softApError,
  StoreError,
  TimeoutError,
  TransportError,
  UsageError,
  WifiError,
} from "./errors/error.ts";
export { codeOfBindReply, codeOfRegistration } from "./errors/cloud-codes.ts";
export { type ErrorBasics, errorBasics, type ErrorKind } from "./errors/basics.ts";
export type { ErrorCode } from "./errors/codes.ts";
export { type ErrorEntry, errorRegistry } from "./errors/registry.ts";
export { formatVendorLog, parseVendorLog, type VendorError, vendorErrorOf } from "./errors/vendor-log.ts";
export { errorCodeOfVendor } from "./errors/vendor-meaning.ts";
export { vendorErrorTexts } from "./errors/vendor-pairs.ts";
export { type Fields, isFields } from "./fields.ts";
export { protocolLimits } from "./limits.ts";
export {
  type Digests,
  formatMqttUsername,
  isMqttPassword,
  mqttClientId,
  mqttPassword,
  type MqttUsername,
  noExpiryS,
  parseMqttUsername,
  v1Signature,
} from "./mqtt/credentials.ts";
export {
  decodeServiceDown,
  decodeServiceUp,
  encodeServiceDown,
  encodeServiceUp,
  type ServiceDownMessage,
  type ServiceUpMessage,
} from "./mqtt/service.ts";
export {
  type DeviceAddress,
  type ParsedTopic,
  parseTopic,
  sysReplyTopic,
  sysRequestTopic,
  thingDownTopic,
  type ThingKind,
  thingKinds,
  thingUpTopic,
} from "./mqtt/topics.ts";
export {
  decodeRegistration1,
  decodeRegistrationReply1,
  encodeRegistration1,
  encodeRegistrationReply1,
  isRegistration1Signed,
  registrationPath1,
  type RegistrationReply,
  type RegistrationRequest1,
  signRegistration1,
} from "./registration/form1.ts";
export {
  decodeRegistration2,
  decodeRegistrationReply2,
  encodeRegistration2,
  encodeRegistrationReply2,
  isRegistration2Signed,
  registrationDigest2,
  type RegistrationHeaders2,
  registrationPath2,
} from "./registration/form2.ts";
export {
  type BlockCipher,
  decryptRegistrationPayload,
  encryptRegistrationPayload,
  type RegisteredCredentials,
} from "./registration/payload.ts";
export { Secret } from "./secret.ts";
