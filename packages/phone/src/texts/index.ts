export type { Language } from "@softap/protocol/texts";
export { failureText, type FailureText } from "./failure-text.ts";
export { languageOf } from "./language.ts";
export { planText } from "./plan-text.ts";
export { warningText } from "./warning-text.ts";
