import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildMiniProgram } from "../../../../tools/mini-program-app.ts";
import { World, type WorldOptions } from "../../../../packages/wechat/test/stand-in/world.ts";
import { MiniProgram } from "./mini-program.ts";
import { type PhoneWx, phoneWx } from "./phone-wx.ts";

/** Who is signed in. */
export const person = { email: "ann@example.com", password: "correct horse" };

/** The built app on a phone, beside our cloud and our device. */
export interface SetUp {
  readonly world: World;
  readonly program: MiniProgram;
  readonly phone: PhoneWx;
  /** Starts the app and signs the person in. */
  signIn(): Promise<void>;
  stop(): Promise<void>;
}

/** Builds the app into a folder of its own. @returns The folder, and what removes it */
export async function builtApp(): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "softap-miniprogram-"));
  await buildMiniProgram(new URL("../..", import.meta.url).pathname, folder);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What is around the app. */
export type Around = WorldOptions & {
  /** Of the phone, as `wx` tells it. @defaultValue "en" */
  readonly language?: string;
};

/** Our cloud with the person's account, our device, and a phone. */
export async function startWorld(options: Around = {}): Promise<{ world: World; phone: PhoneWx }> {
  const { language = "en", ...worldOptions } = options;
  const world = await World.start(worldOptions);
  const { cloud } = world;
  await fetch(`http://127.0.0.1:${cloud.httpPort}/api/admin/users`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${cloud.firstAdminToken?.reveal()}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(person),
  });
  return { world, phone: phoneWx(world, language) };
}

/** @param folder - Of the built app. */
export async function setUp(folder: string, options: Around = {}): Promise<SetUp> {
  const { language = "en" } = options;
  const { world, phone } = await startWorld(options);
  const program = new MiniProgram(folder, phone.wx);
  return {
    world,
    program,
    phone,
    signIn: async () => {
      program.start();
      await program.until("sign-in", () => program.page === "sign-in");
      program.type("name", person.email);
      program.type("password", person.password);
      program.tap(language.startsWith("zh") ? "登录" : "Sign in");
      await program.until(
        "the devices",
        () => program.page === "devices" && program.data["isLoaded"] === true,
      );
    },
    stop: async () => {
      program.close();
      await world.stop();
    },
  };
}
