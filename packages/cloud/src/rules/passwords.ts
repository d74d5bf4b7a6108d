import { scrypt, timingSafeEqual } from "node:crypto";
import type { Random } from "@softap/ports";
import type { Secret } from "@softap/protocol";

/** scrypt cost: 2^15 rounds of 1 KiB, 32 MiB of memory, some 60 ms. Source: OWASP's password storage sheet. */
const cost = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const keyBytes = 32;

/** Hash of nothing: what an unknown user's password is compared with, so that the answer takes as long. */
const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${"00".repeat(16)}$${"00".repeat(keyBytes)}`;

/** A password as it is stored: `scrypt$N$r$p$salt$key`, salt and key in hex. */
export async function hashPassword(random: Random, password: Secret): Promise<string> {
  const salt = Buffer.from(random.bytes(16));
  const key = await derive(password, salt, cost);
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString("hex")}$${key.toString("hex")}`;
}

/** Whether a password fits what is stored. Takes the same time when nothing is stored. */
export async function isPassword(stored: string | undefined, password: Secret): Promise<boolean> {
  const [, N = "", r = "", p = "", salt = "", key = ""] = (stored ?? nobody).split("$");
  const expected = Buffer.from(key, "hex");
  const found = await derive(password, Buffer.from(salt, "hex"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    maxmem: cost.maxmem,
  });
  return timingSafeEqual(found, expected) && stored !== undefined;
}

function derive(
  password: Secret,
  salt: Buffer,
  options: { N: number; r: number; p: number; maxmem: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.reveal().normalize("NFKC"), salt, keyBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
