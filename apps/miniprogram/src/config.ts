/** What an app maker sets. */
export interface AppConfig {
  /** Scheme, host and port of the cloud. The host must be among the request domains of the mini program's console. */
  readonly cloudUrl: string;
  /** How the soft APs of the products begin; networks nearby that begin so are offered. */
  readonly softApPrefixes: readonly string[];
  /** Name of the family that is created for an account without one. */
  readonly familyName: string;
}

/** The settings of this app: change them here. */
export const appConfig: AppConfig = {
  cloudUrl: "https://iot.example.com",
  softApPrefixes: ["softap-"],
  familyName: "Home",
};
