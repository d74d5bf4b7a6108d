import { type Check, type DoctorEnvironment, ok, plain } from "../check.ts";
import { chosenRadio } from "../radio-facts.ts";

/** First address and length of the soft AP's network. */
const softApNetwork = { address: "192.168.4.0", prefix: 24 };

/** Has another interface addresses that the soft AP gives to phones? */
export const addressRangeCheck: Check = {
  name: "address-range",
  title: { en: "Addresses of the soft AP", zh: "热点地址段" },
  async run(environment) {
    const range = `${softApNetwork.address}/${softApNetwork.prefix}`;
    const own = await ownInterfaces(environment);
    const other = environment.machine
      .addresses()
      .find(({ interfaceName, cidr }) => !own.includes(interfaceName) && overlaps(cidr));
    if (other === undefined) return ok({ en: `${range} is free`, zh: `${range} 空闲` });
    return {
      state: "fail",
      code: "ADDRESS_RANGE_IN_USE",
      detail: plain(`${other.interfaceName} ${other.cidr}`),
    };
  },
};

/** The radio's interface and the one that carries the soft AP beside it. */
async function ownInterfaces(environment: DoctorEnvironment): Promise<readonly string[]> {
  const radio = await chosenRadio(environment);
  if (radio === undefined) return [];
  return [radio.interfaceName, `${radio.interfaceName.slice(0, 13)}ap`];
}

function overlaps(cidr: string): boolean {
  const [address = "", prefix = "32"] = cidr.split("/");
  const bits = Math.min(Number(prefix), softApNetwork.prefix);
  const shift = 32 - bits;
  const network = (text: string): number =>
    Math.floor(text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) / 2 ** shift);
  return bits > 0 && network(address) === network(softApNetwork.address);
}
