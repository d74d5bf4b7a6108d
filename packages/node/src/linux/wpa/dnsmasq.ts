/** Seconds that a phone may use its address: long enough for a session, short enough to forget phones. */
const leaseSeconds = 3600;

/**
 * Arguments of dnsmasq as DHCP server of the soft AP: it serves the /24 around the device's address and no names.
 *
 * @param options.address - Own address on the soft AP; it is left out of what is given away.
 * @param options.leaseFile - Where it notes who has which address.
 */
export function dnsmasqArguments(options: {
  interfaceName: string;
  address: string;
  leaseFile: string;
}): readonly string[] {
  const { interfaceName, address, leaseFile } = options;
  const prefix = address.slice(0, address.lastIndexOf("."));
  const own = Number(address.slice(address.lastIndexOf(".") + 1));
  // The larger half beside the own address, whichever that is.
  const [first, last] = own < 128 ? [own + 1, 254] : [1, own - 1];
  return [
    "--keep-in-foreground",
    "--conf-file=/dev/null",
    "--log-facility=-",
    "--port=0",
    `--interface=${interfaceName}`,
    "--except-interface=lo",
    "--bind-dynamic",
    `--dhcp-range=${prefix}.${first},${prefix}.${last},255.255.255.0,${leaseSeconds}`,
    "--dhcp-authoritative",
    `--dhcp-leasefile=${leaseFile}`,
    "--pid-file",
  ];
}
