/**
 * `react-native-wifi-reborn` as far as it is used; its default export is one. The calls marked Android or iOS exist only there.
 */
export interface NativeWifi {
  /** Resolves when the system says that the phone has joined, which need not be so. The system may ask the person. */
  connectToProtectedWifiSSID(options: {
    ssid: string;
    password: string | null;
    isWEP?: boolean;
    isHidden?: boolean;
    /** Android: seconds. */
    timeout?: number;
  }): Promise<unknown>;
  /** Rejects when the phone is on no Wi-Fi, or when the app may not know. */
  getCurrentWifiSSID(): Promise<string>;
  /** Android: ties the app's sockets to the Wi-Fi network, or lets go of it. The first may never resolve. */
  forceWifiUsageWithOptions(useWifi: boolean, options: { noInternet: boolean }): Promise<unknown>;
  /** Android: lets go of the network that was asked for. */
  disconnect(): Promise<unknown>;
  /** Android: forgets the network, so that the phone does not come back to it by itself. */
  isRemoveWifiNetwork(ssid: string): Promise<unknown>;
  /** iOS: forgets the network and leaves it. */
  disconnectFromSSID(ssid: string): Promise<unknown>;
}
