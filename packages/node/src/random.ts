import type { Random } from "@softap/ports";
import { randomBytes } from "node:crypto";
import { plainBytes } from "./plain-bytes.ts";

/** The system's cryptographically strong generator. */
export const nodeRandom: Random = { bytes: (length) => plainBytes(randomBytes(length)) };
