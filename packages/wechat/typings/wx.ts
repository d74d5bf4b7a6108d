/** Compiled by a test, never run: the `wx` of the official typings is one of ours. */
import type { Wx } from "@softap/wechat";

export const real: Wx = wx;
