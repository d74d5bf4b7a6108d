import type { Command } from "commander";
import {
  addAdminOptions,
  addSecretOutput,
  type AdminOptions,
  type SecretOutputOptions,
} from "../config/admin-options.ts";
import { option } from "../config/options.ts";

/** What `softap registry create` and `reset` take. */
export interface DeviceSecretOptions extends AdminOptions, SecretOutputOptions {
  readonly certificateFingerprint?: string;
}

/** Declares `softap registry …`. */
export function define(command: Command): void {
  const create = deviceCommand(
    command,
    "create",
    "create a device before it ever connects and get its device secret",
  );
  addSecretOutput(create, "device secret")
    .addOption(
      option(
        "--certificate-fingerprint <hex>",
        "SHA-256 of the device's certificate, for products with certificates",
        {
          defaultText: "the certificate's common name decides",
        },
      ),
    )
    .addHelpText(
      "after",
      `
Example:
  softap registry create AB12CD34EF lamp-1 --secret-file lamp-1.secret`,
    );
  addAdminOptions(create).action(
    async (productId: string, deviceName: string, options: DeviceSecretOptions) => {
      const { createDevice } = await import("../admin/devices.ts");
      await createDevice({ productId, deviceName }, options);
    },
  );

  addAdminOptions(
    command.command("list").description("list the devices of a product").argument("<product-id>"),
  ).action(async (productId: string, options: AdminOptions) => {
    const { listDevices } = await import("../admin/devices.ts");
    await listDevices(productId, options);
  });

  addAdminOptions(deviceCommand(command, "show", "show a device")).action(
    async (productId: string, deviceName: string, options: AdminOptions) => {
      const { showDevice } = await import("../admin/devices.ts");
      await showDevice({ productId, deviceName }, options);
    },
  );

  const reset = deviceCommand(
    command,
    "reset",
    "let a device register again; its device secret becomes worthless",
  );
  addAdminOptions(addSecretOutput(reset, "new device secret")).action(
    async (productId: string, deviceName: string, options: DeviceSecretOptions) => {
      const { resetDevice } = await import("../admin/devices.ts");
      await resetDevice({ productId, deviceName }, options);
    },
  );

  addAdminOptions(deviceCommand(command, "delete", "delete a device and its binding")).action(
    async (productId: string, deviceName: string, options: AdminOptions) => {
      const { deleteDevice } = await import("../admin/devices.ts");
      await deleteDevice({ productId, deviceName }, options);
    },
  );
}

function deviceCommand(command: Command, name: string, description: string): Command {
  return command.command(name).description(description).argument("<product-id>").argument("<device-name>");
}
