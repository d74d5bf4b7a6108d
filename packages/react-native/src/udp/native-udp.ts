/** `react-native-udp` as far as it is used; its default export is one. */
export interface NativeUdp {
  createSocket(options: { type: "udp4" }): NativeUdpSocket;
}

/** One socket of {@link NativeUdp}. Nothing about it is synchronous: every call crosses the bridge. */
export interface NativeUdpSocket {
  bind(port: number, address: string): unknown;
  send(
    datagram: Uint8Array,
    offset: number,
    length: number,
    port: number,
    address: string,
    callback: (error?: unknown) => void,
  ): unknown;
  close(callback: () => void): unknown;
  on(
    event: "message",
    listener: (datagram: Uint8Array, from: { readonly address: string; readonly port: number }) => void,
  ): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "listening", listener: () => void): unknown;
}
