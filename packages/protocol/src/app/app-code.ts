import { codeOfApp } from "../errors/cloud-codes.ts";
import type { ErrorCode } from "../errors/codes.ts";

/**
 * Our code for a failure of the app API that carries none of ours.
 *
 * @param appCode - The cloud's own code text, such as `InvalidParameterValue.TokenIsExpire`.
 * @param message - May have the code before `|`.
 */
export function errorCodeOfApp(appCode: string, message: string): ErrorCode {
  for (const name of [appCode, message.replace(/\|.*/s, "").trim()])
    for (const [known, code] of Object.entries(codeOfApp)) if (known === name) return code;
  return appCode.startsWith("InvalidParameter") ? "APP_PARAMETER_INVALID" : "CLOUD_INTERNAL";
}
