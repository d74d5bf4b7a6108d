import type { Check } from "./check.ts";
import { addressRangeCheck } from "./checks/address-range.ts";
import { clockCheck } from "./checks/clock.ts";
import { dnsCheck, loginCheck, tcpCheck, timeCheck, tlsCheck } from "./checks/cloud.ts";
import { channelsCheck, countryCheck } from "./checks/country.ts";
import { bothRolesCheck, modesCheck } from "./checks/modes.ts";
import { networkManagerCheck } from "./checks/network-manager.ts";
import { permissionsCheck } from "./checks/permissions.ts";
import { portsCheck } from "./checks/ports.ts";
import { programsCheck } from "./checks/programs.ts";
import { radioCheck } from "./checks/radio.ts";
import { rfkillCheck } from "./checks/rfkill.ts";
import { stateCheck } from "./checks/state.ts";

/** Checks of the radio itself; a device with a virtual one has none to look at. */
export const radioChecks: readonly Check[] = [
  radioCheck,
  rfkillCheck,
  programsCheck,
  modesCheck,
  bothRolesCheck,
  countryCheck,
  channelsCheck,
  networkManagerCheck,
];

/** Checks of everything else, each behind those that it needs. */
export const otherChecks: readonly Check[] = [
  permissionsCheck,
  portsCheck,
  addressRangeCheck,
  clockCheck,
  stateCheck,
  dnsCheck,
  tcpCheck,
  tlsCheck,
  loginCheck,
  timeCheck,
];
