import type { Login } from "@softap/phone";
import { Secret } from "@softap/protocol";
import { type FailureView, failureOf } from "../failure-view.ts";
import type { AppServices } from "../services.ts";
import type { Texts } from "../texts/texts.ts";
import { ViewState } from "../view-state.ts";

/** What the sign-in page shows. */
export interface SignInView {
  readonly t: Texts["signIn"];
  readonly title: string;
  readonly canSignIn: boolean;
  readonly isBusy: boolean;
  readonly failure: FailureView | null;
}

/** Signing in with an email address or a phone number. */
export class SignInModel {
  readonly view: ViewState<SignInView>;
  readonly #services: AppServices;
  #name = "";
  #password = Secret.of("");

  constructor(services: AppServices) {
    this.#services = services;
    const { signIn: t } = services.texts;
    this.view = new ViewState<SignInView>({
      t,
      title: t.title,
      canSignIn: false,
      isBusy: false,
      failure: null,
    });
  }

  /** @param name - An email address, or a phone number of China, or one with `+` and its country's code. */
  enterName(name: string): void {
    this.#name = name.trim();
    this.#check();
  }

  enterPassword(password: string): void {
    this.#password = Secret.of(password);
    this.#check();
  }

  /** Signs in and goes to the devices; a failure is shown. */
  async signIn(): Promise<void> {
    const { account, navigation, language } = this.#services;
    const login = loginOf(this.#name, this.#password);
    if (login === undefined || !this.view.value.canSignIn || this.view.value.isBusy) return;
    this.view.set({ isBusy: true, failure: null });
    try {
      await account.signIn(login);
      navigation.restart("devices");
    } catch (error) {
      this.view.set({ failure: failureOf(error, language, "askCloud") });
    } finally {
      this.view.set({ isBusy: false });
    }
  }

  #check(): void {
    const isComplete = loginOf(this.#name, this.#password) !== undefined;
    this.view.set({ canSignIn: isComplete && !this.#password.equals(Secret.of("")), failure: null });
  }
}

/** Who wants to log in; `undefined` while the name is neither an address nor a number. */
export function loginOf(name: string, password: Secret): Login | undefined {
  if (/^[^\s@]+@[^\s@]+$/.test(name)) return { email: name, password };
  const number = name.replace(/[\s()-]/g, "");
  if (/^\d{5,15}$/.test(number)) return { phoneNumber: number, password };
  // Country codes have no end mark: the person sets it, as in "+44 20…".
  const [, countryCode, rest] = /^\+(\d{1,3})[\s-]([\d\s()-]+)$/.exec(name) ?? [];
  const digits = rest?.replace(/\D/g, "") ?? "";
  if (countryCode === undefined || digits.length < 5 || digits.length > 15) return undefined;
  return { countryCode, phoneNumber: digits, password };
}
