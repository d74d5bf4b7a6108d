import type { DeviceCredentials } from "@softap/device";
import { Secret, UsageError } from "@softap/protocol";
import type { DeviceCommandOptions } from "../commands/device.ts";
import { readTextFile } from "../config/files.ts";
import { findSecret } from "../config/secret-source.ts";
import { checkPassphrase } from "../config/wifi-passphrase.ts";

/** Options that say how the device proves its identity. */
export type CredentialOptions = Pick<
  DeviceCommandOptions,
  "security" | "secretFile" | "productSecretFile" | "certificate" | "privateKey" | "authority"
>;

/**
 * What the device proves its identity with.
 *
 * @throws {UsageError} `USAGE` when nothing is given that could prove it; `FILE_NOT_FOUND`
 */
export async function readCredentials(options: CredentialOptions): Promise<DeviceCredentials> {
  const { security, certificate, privateKey, authority } = options;
  if (security === "certificate") {
    if (certificate === undefined || privateKey === undefined || authority === undefined)
      throw new UsageError(
        "USAGE",
        "A device with a certificate needs certificate, private key and authority",
        {
          context: { help: "Give --certificate <file>, --private-key <file> and --authority <file>" },
        },
      );
    return {
      kind: "certificate",
      certificate: await readTextFile(certificate, "device's certificate"),
      privateKey: Secret.of(await readTextFile(privateKey, "device's private key")),
      authority: await readTextFile(authority, "cloud's authority"),
    };
  }
  const deviceSecret = await findSecret({
    what: "device secret",
    file: options.secretFile,
    option: "--secret-file",
    env: "SOFTAP_DEVICE_SECRET",
    mayAsk: false,
  });
  const productSecret = await findSecret({
    what: "product secret",
    file: options.productSecretFile,
    option: "--product-secret-file",
    env: "SOFTAP_PRODUCT_SECRET",
    mayAsk: false,
  });
  if (deviceSecret === undefined && productSecret === undefined)
    throw new UsageError(
      "USAGE",
      "The device has neither a device secret nor a product secret to register with",
      {
        context: {
          help: "Give --secret-file <file> or --product-secret-file <file>, or set their variables",
        },
      },
    );
  return {
    kind: security,
    ...(deviceSecret === undefined ? {} : { deviceSecret }),
    ...(productSecret === undefined ? {} : { productSecret }),
  };
}

/** The passphrase of the soft AP; `undefined` leaves it open. @throws {SoftApError} `PASSPHRASE_LENGTH`, `FILE_NOT_FOUND` */
export async function readSoftApPassphrase(options: DeviceCommandOptions): Promise<Secret | undefined> {
  const passphrase = await findSecret({
    what: "passphrase of the soft AP",
    file: options.softApPassphraseFile,
    option: "--soft-ap-passphrase-file",
    env: "SOFTAP_SOFT_AP_PASSPHRASE",
    mayAsk: false,
  });
  return passphrase === undefined ? undefined : checkPassphrase(passphrase);
}
