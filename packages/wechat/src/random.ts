import type { Random } from "@softap/ports";
import { wechatLimits } from "./limits.ts";
import type { Wx } from "./wx.ts";

/** `Math.random`: enough for jitter and trace numbers, not for keys. */
export const plainRandom: Random = {
  bytes: (length) => Uint8Array.from({ length }, () => Math.floor(Math.random() * 256)),
};

/**
 * Chance of a mini program: bytes that `wx.getRandomValues` gave in advance, which is asynchronous there. Before the first
 * have come, and in libraries without it, it is {@link plainRandom}.
 */
export class WechatRandom implements Random {
  readonly #wx: Pick<Wx, "getRandomValues">;
  #pool = new Uint8Array(0);
  #isDrawing = false;

  constructor(wx: Pick<Wx, "getRandomValues">) {
    this.#wx = wx;
    this.#draw();
  }

  /** @inheritdoc */
  bytes(length: number): Uint8Array {
    const bytes = plainRandom.bytes(length);
    const drawn = this.#pool.subarray(0, length);
    bytes.set(drawn);
    this.#pool = this.#pool.slice(drawn.length);
    this.#draw();
    return bytes;
  }

  #draw(): void {
    const length = wechatLimits.randomPoolBytes;
    if (this.#isDrawing || this.#pool.length >= length / 2) return;
    this.#isDrawing = true;
    this.#wx.getRandomValues?.({
      length,
      success: ({ randomValues }) => {
        this.#pool = new Uint8Array(randomValues);
        this.#isDrawing = false;
      },
      // It is not tried again: where it fails once it fails always.
      fail: () => {},
    });
  }
}
