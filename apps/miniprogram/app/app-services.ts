import type { AppServices } from "../src/index.ts";

/** What the app made when it started. */
export function appServices(): AppServices {
  return getApp<{ readonly services: AppServices }>().services;
}
