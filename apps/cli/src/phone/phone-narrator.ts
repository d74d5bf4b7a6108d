import type { ProvisioningStep } from "@softap/phone";
import type { Language } from "@softap/protocol/texts";
import { describeCode, type Failure } from "../exit.ts";
import type { DeviceNarrator } from "../reporter/device-narrator.ts";
import type { ReportFields, Reporter, StepHandle } from "../reporter/reporter.ts";
import { datagramCount, type StepName } from "../reporter/titles.ts";

/** Tells the steps of one provisioning as the phone sees them. */
export class PhoneNarrator {
  readonly #reporter: Reporter;
  readonly #language: Language;
  /** Tells what the device reports to the phone; absent where the device speaks for itself. */
  readonly #device: DeviceNarrator | undefined;
  /** Whether somebody tells what the device does: then the questions to the cloud are no news. */
  #isDeviceTold: boolean;
  #open: { readonly name: StepName; readonly handle: StepHandle } | undefined;

  constructor(options: { reporter: Reporter; language: Language; device?: DeviceNarrator }) {
    this.#reporter = options.reporter;
    this.#language = options.language;
    this.#device = options.device;
    this.#isDeviceTold = options.device === undefined;
  }

  /** Tells one step. */
  tell(step: ProvisioningStep): void {
    switch (step.name) {
      case "createToken":
        this.#begin("createBindToken");
        break;
      case "joinSoftAp":
        this.#begin("joinSoftAp");
        break;
      case "sendCredentials": {
        const { attempt, sends, trace } = step;
        if (sends === 1) this.#begin("sendCredentials");
        if (sends > 1)
          this.#progress("sendCredentials", datagramCount(sends, this.#language), { attempt, sends, trace });
        break;
      }
      case "deviceAnswered": {
        const { attempt, sends, protoVersion, productId = "", deviceName = "" } = step;
        const deviceId = productId === "" ? "" : `${productId}/${deviceName}`;
        const detail = [deviceId, datagramCount(sends, this.#language)]
          .filter((part) => part !== "")
          .join(", ");
        this.#end(detail, { attempt, sends, protoVersion, deviceId });
        break;
      }
      case "previousError":
        // About an earlier session: nothing that a person at this one could act on.
        break;
      case "deviceProgress":
        this.#isDeviceTold = true;
        this.#device?.enter(step.phase, step.attempt);
        break;
      case "deviceFailed":
        this.deviceFailed(describeCode(step.code, this.#language), step.attempt);
        break;
      case "restoreNetwork":
        this.#begin("restoreNetwork");
        break;
      case "askCloud":
        if (step.state === 2) {
          this.#device?.close();
          this.#progress("askCloud", "", { asked: step.asked, state: 2 });
        } else {
          if (this.#open === undefined && !this.#isDeviceTold) this.#begin("askCloud");
          const beside = step.code === undefined ? "" : describeCode(step.code, this.#language).text;
          this.#progress("askCloud", beside, { asked: step.asked, ...(step.code && { error: step.code }) });
        }
        break;
      case "bindFamily":
        if (this.#open?.name !== "bindToFamily") this.#begin("bindToFamily");
        break;
      case "verdict":
        if (step.verdict === "bound") this.#end();
        else this.failed(describeCode(step.code ?? "VERDICT_UNKNOWN", this.#language));
        break;
    }
  }

  /** The device told of a failure: whatever is going on ends with it. */
  deviceFailed(failure: Failure, attempt: number): void {
    this.#device?.failed(failure, attempt);
    this.#end();
  }

  /** What is still going on failed. */
  failed(failure: Failure): void {
    this.#open?.handle.failed(failure);
    this.#open = undefined;
    this.#device?.close();
  }

  #begin(name: StepName): void {
    this.#end();
    this.#open = { name, handle: this.#reporter.step("phone", name) };
  }

  #progress(name: StepName, detail: string, fields: ReportFields): void {
    if (this.#open?.name === name) this.#open.handle.progress(detail, fields);
  }

  #end(detail?: string, fields?: ReportFields): void {
    this.#open?.handle.done(detail, fields);
    this.#open = undefined;
  }
}
