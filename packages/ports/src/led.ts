/** A light that blinks: lit for `onMs`, dark for `offMs`, again and again. `offMs` 0 is steadily lit, `onMs` 0 steadily dark. */
export interface BlinkPattern {
  readonly onMs: number;
  readonly offMs: number;
}

/** The device's light; the world does the blinking (Linux has a kernel trigger for it, an MCU a timer). */
export interface Led {
  show(pattern: BlinkPattern): void;
}

/** For devices without a light. */
export const noLed: Led = { show() {} };
