/** Wire value of `cmdType`. @see docs/protocol.md */
export const CommandType = {
  /** Phone → device: token alone; in v1 "who are you?". */
  token: 0,
  /** Phone → device: target network and token. */
  network: 1,
  /** Device → phone: device info or error. */
  reply: 2,
  /** Phone → device: asks for the device log. */
  logQuery: 3,
  /** Device → phone, protocol version 3.0 only: the device is on the target network. */
  joined: 7,
} as const;
/** Union of the values of {@link CommandType}. */
export type CommandType = (typeof CommandType)[keyof typeof CommandType];

/** The only version that existing phones accept from a device with our abilities. */
export const protocolVersion = "2.0";
