import { softApError } from "@softap/protocol";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { PropertyValues } from "../../rules/properties.ts";
import type { Rules } from "../../rules/rules.ts";
import { type Action, userAction } from "./action.ts";
import { deviceFields, deviceOf } from "./parameters.ts";

/** Longest `Data` that a device could take, characters. Source: the vendor's SDKs have 2 048-byte buffers. */
const maxDataLength = 8_192;

const areValues = Compile(Type.Record(Type.String(), Type.Unknown()));

/** What apps read from devices and want of them. */
export function propertyActions({ properties }: Rules): Readonly<Record<string, Action>> {
  return {
    AppGetDeviceData: userAction(Type.Object(deviceFields), async (parameters, { account }) => {
      const request = { accountId: account.accountId, device: deviceOf(parameters) };
      const data: Record<string, { Value: unknown; LastUpdate: number }> = {};
      for (const { name, reported } of await properties.listOwn(request))
        if (reported !== undefined) data[name] = { Value: reported.value, LastUpdate: reported.atMs };
      return { Data: JSON.stringify(data) };
    }),
    AppControlDeviceData: userAction(
      Type.Object({ ...deviceFields, Data: Type.String({ minLength: 2, maxLength: maxDataLength }) }),
      async (parameters, { account }) => {
        const device = deviceOf(parameters);
        await properties.want({
          accountId: account.accountId,
          device,
          values: valuesOf(parameters.Data),
        });
        return { Data: "" };
      },
    ),
  };
}

/** @throws {@link CloudError} `APP_PARAMETER_INVALID` */
function valuesOf(data: string): PropertyValues {
  try {
    const values: unknown = JSON.parse(data);
    if (areValues.Check(values)) return values;
  } catch {
    // Told below.
  }
  throw softApError("APP_PARAMETER_INVALID", "Data is not a JSON object of properties");
}
