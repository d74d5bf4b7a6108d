import { UsageError } from "@softap/protocol";
import type { Command } from "commander";
import { printItem } from "../admin/output.ts";
import type { DeviceCommandOptions } from "../commands/device.ts";
import { applyConfig, readConfig } from "../config/device-config.ts";
import { defaultDeviceState } from "../config/paths.ts";
import { readLiveStatus } from "../device/live-status.ts";
import { LinuxMachine } from "../doctor/machine.ts";
import { hasKeptNetwork } from "./kept-network.ts";
import { readSavedState } from "./saved-state.ts";

/** Longest wait for what the machine says of the kept network, ms. */
const machineTimeoutMs = 5_000;

/**
 * Prints what a device knows of itself, whether it runs or not.
 *
 * @param self - `softap device status`; the options of the device stand at its parent.
 * @throws {UsageError} `USAGE` when nothing says which device is meant; {StoreError} when its state cannot be read
 */
export async function runStatus(self: Command): Promise<void> {
  const options = await deviceOptions(self);
  const folder = stateFolder(options);
  const saved = await readSavedState(folder);
  const live = await readLiveStatus(folder);
  const machine = new LinuxMachine({ signal: AbortSignal.timeout(machineTimeoutMs) });
  const keepsNetwork = await hasKeptNetwork(options, saved.hasVirtualNetwork, machine);
  const { isRunning } = saved;
  const running = isRunning ? live : undefined;
  const productId = options.productId ?? live?.productId;
  const deviceName = options.deviceName ?? live?.deviceName;
  printItem(
    "status",
    {
      deviceId: productId === undefined || deviceName === undefined ? null : `${productId}/${deviceName}`,
      isRunning,
      pid: running?.pid ?? null,
      startedAtS: running?.startedAtS ?? null,
      isSoftApOpen: running?.isSoftApOpen ?? null,
      isConnected: running?.isConnected ?? null,
      ...(running?.isConnected === true ? { connectedAtS: running.cloudSinceS ?? null } : {}),
      keepsNetwork: keepsNetwork ?? null,
      owner: saved.binding ?? "none",
      isRegistered: saved.credentials !== undefined || hasOwnCredentials(options),
      pendingAttempt: saved.pending?.attempt ?? null,
      step: live?.step?.name ?? null,
      lastError: live?.lastError?.code ?? saved.errors.at(-1)?.code ?? null,
      lastErrorAtS: live?.lastError?.atS ?? null,
      untoldErrors: saved.errors.map(({ code }) => code).join(", "),
      state: folder,
    },
    options,
  );
}

/** The options of the device: command line, variables, settings of the service. */
async function deviceOptions(self: Command): Promise<Partial<DeviceCommandOptions> & RadioChoice> {
  const { config } = self.opts<{ config?: string }>();
  const device = self.parent ?? self;
  applyConfig(device, await readConfig(config));
  return device.opts();
}

type RadioChoice = Pick<DeviceCommandOptions, "wifi" | "interface" | "lang" | "logLevel">;

function stateFolder(options: Partial<DeviceCommandOptions>): string {
  const { state, productId, deviceName } = options;
  if (state !== undefined) return state;
  if (productId !== undefined && deviceName !== undefined) return defaultDeviceState(productId, deviceName);
  throw new UsageError("USAGE", "It is not said which device is meant", {
    context: { help: "Give --state <folder>, or --product-id <id> and --device-name <name>" },
  });
}

function hasOwnCredentials(options: Partial<DeviceCommandOptions>): boolean {
  return options.secretFile !== undefined || options.certificate !== undefined;
}
