/** What a native module said went wrong: Errors, plain objects and bare texts come up through the bridge. */
export interface NativeError {
  /** The module's own name for it. */
  readonly code: string | undefined;
  readonly text: string;
}

/** Reads whatever a native module rejected or called back with. */
export function readNativeError(error: unknown): NativeError {
  if (typeof error === "string") return { code: undefined, text: error };
  if (typeof error !== "object" || error === null) return { code: undefined, text: "" };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const text = "message" in error && typeof error.message === "string" ? error.message : "";
  return { code, text };
}
