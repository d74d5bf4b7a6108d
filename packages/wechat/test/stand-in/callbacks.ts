/** How a call of `wx` reports back; every one may be missing. */
export interface Callbacks<Result> {
  success?: ((result: Result & { errMsg: string }) => void) | undefined;
  fail?: ((error: { errMsg: string; errCode?: number }) => void) | undefined;
  complete?: (() => void) | undefined;
}

/** A call that failed, in the words of `wx`. */
export class WxFailure extends Error {
  readonly errCode: number | undefined;

  constructor(errMsg: string, errCode?: number) {
    super(errMsg);
    this.errCode = errCode;
  }
}

/** Runs what a call does and reports it, never before the call has returned. */
export async function answer<Result extends object>(
  name: string,
  callbacks: Callbacks<Result>,
  work: () => Result | Promise<Result>,
): Promise<void> {
  try {
    await Promise.resolve();
    const result = await work();
    callbacks.success?.({ ...result, errMsg: `${name}:ok` });
  } catch (error) {
    if (!(error instanceof WxFailure)) throw error;
    const { message, errCode } = error;
    callbacks.fail?.({ errMsg: `${name}:fail ${message}`, ...(errCode === undefined ? {} : { errCode }) });
  } finally {
    callbacks.complete?.();
  }
}
