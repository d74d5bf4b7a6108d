import { CancelSource, type KeyValueStore, neverCanceled } from "@softap/ports";
import { describe, expect } from "vitest";
import { type ContractWorld, criteria, patternBytes } from "./world.ts";

/** An empty store that can be opened again. */
export interface KeyValueStoreWorld extends ContractWorld {
  readonly store: KeyValueStore;
  /** Ends the present store without warning and opens what is left of it, as after a restart. */
  reopen(): Promise<KeyValueStore>;
}

const options = { signal: neverCanceled };
const longestKey = "a.b-0".padEnd(64, "x");
const longestValue = patternBytes(65_536);

/** The criteria of {@link KeyValueStore}. */
export function keyValueStoreContract(name: string, setup: () => Promise<KeyValueStoreWorld>): void {
  const criterion = criteria(setup);

  describe(`KeyValueStore of ${name}`, () => {
    criterion(
      "get() of a key never written is undefined, whatever its name",
      async ({ world: { store }, settled }) => {
        for (const key of ["missing", "constructor", "valueof", "0", "-", "."])
          expect(await settled(store.get(key, options))).toBeUndefined();
      },
    );

    criterion("apply() writes, replaces and deletes", async ({ world: { store }, settled }) => {
      await settled(store.apply({ a: patternBytes(3), b: patternBytes(0) }, options));
      expect(await settled(store.get("a", options))).toEqual(patternBytes(3));
      expect(await settled(store.get("b", options))).toEqual(new Uint8Array(0));
      await settled(store.apply({ a: patternBytes(9, 1), b: undefined, c: undefined }, options));
      expect(await settled(store.get("a", options))).toEqual(patternBytes(9, 1));
      expect(await settled(store.get("b", options))).toBeUndefined();
      await settled(store.apply({}, options));
      expect(await settled(store.get("a", options))).toEqual(patternBytes(9, 1));
    });

    criterion("a resolved apply() is there after a restart", async ({ world, settled }) => {
      await settled(world.store.apply({ kept: patternBytes(256), gone: patternBytes(1) }, options));
      await settled(world.store.apply({ gone: undefined, [longestKey]: longestValue }, options));
      const store = await settled(world.reopen());
      expect(await settled(store.get("kept", options))).toEqual(patternBytes(256));
      expect(await settled(store.get("gone", options))).toBeUndefined();
      expect(await settled(store.get(longestKey, options))).toEqual(longestValue);
      await settled(store.apply({ kept: undefined }, options));
      const again = await settled(world.reopen());
      expect(await settled(again.get("kept", options))).toBeUndefined();
    });

    criterion(
      "values belong to the store: what the caller changes in them stays the caller's",
      async ({ world: { store }, settled }) => {
        const given = patternBytes(8);
        const writing = store.apply({ key: given }, options);
        given.fill(0);
        await settled(writing);
        const read = await settled(store.get("key", options));
        expect(read).toEqual(patternBytes(8));
        expect(read?.constructor).toBe(Uint8Array);
        read?.fill(0);
        expect(await settled(store.get("key", options))).toEqual(patternBytes(8));
      },
    );

    criterion("apply() calls take effect in their order, each as a whole", async ({ world, settled }) => {
      const writes = Array.from({ length: 20 }, (_, at) =>
        world.store.apply({ last: Uint8Array.of(at), [`key-${at}`]: Uint8Array.of(at) }, options),
      );
      await settled(Promise.all(writes));
      const store = await settled(world.reopen());
      expect(await settled(store.get("last", options))).toEqual(Uint8Array.of(19));
      for (let at = 0; at < 20; at += 1)
        expect(await settled(store.get(`key-${at}`, options))).toEqual(Uint8Array.of(at));
    });

    criterion(
      "a get() called after an apply() sees its changes, all of them",
      async ({ world: { store }, settled }) => {
        const writing = store.apply({ a: Uint8Array.of(1), b: Uint8Array.of(1) }, options);
        const reading = Promise.all([store.get("a", options), store.get("b", options)]);
        await settled(writing);
        expect(await settled(reading)).toEqual([Uint8Array.of(1), Uint8Array.of(1)]);
      },
    );

    criterion(
      "an unfit key is refused with USAGE and changes nothing",
      async ({ world: { store }, settled, failure }) => {
        await settled(store.apply({ fit: Uint8Array.of(1) }, options));
        for (const key of ["", "A", "a_b", "a/b", "ä", `${longestKey}x`, "a b", "a\n", "__proto__"]) {
          const changes = Object.fromEntries([
            ["fit", Uint8Array.of(2)],
            [key, Uint8Array.of(2)],
          ] as const);
          expect((await failure(store.apply(changes, options))).code).toBe("USAGE");
          expect((await failure(store.get(key, options))).code).toBe("USAGE");
        }
        expect(await settled(store.get("fit", options))).toEqual(Uint8Array.of(1));
      },
    );

    criterion(
      "a value above 64 KiB is refused with USAGE and changes nothing",
      async ({ world: { store }, settled, failure }) => {
        const changes = { first: Uint8Array.of(1), second: new Uint8Array(65_537) };
        expect((await failure(store.apply(changes, options))).code).toBe("USAGE");
        expect(await settled(store.get("first", options))).toBeUndefined();
      },
    );

    criterion(
      "a fired signal rejects with CANCELED and changes nothing",
      async ({ world: { store }, settled, failure }) => {
        const source = new CancelSource();
        source.cancel();
        const canceled = { signal: source.signal };
        expect((await failure(store.apply({ key: Uint8Array.of(1) }, canceled))).code).toBe("CANCELED");
        expect((await failure(store.get("key", canceled))).code).toBe("CANCELED");
        expect(await settled(store.get("key", options))).toBeUndefined();
      },
    );

    criterion(
      "an apply() that is cancelled meanwhile is there whole or not at all",
      async ({ world, settled }) => {
        const source = new CancelSource();
        const writing = world.store
          .apply({ a: Uint8Array.of(1), b: Uint8Array.of(1) }, { signal: source.signal })
          .then(
            () => "written",
            (error: unknown) => error,
          );
        source.cancel();
        const outcome = await settled(writing);
        expect(["written", expect.objectContaining({ code: "CANCELED" })]).toContainEqual(outcome);
        const store = await settled(world.reopen());
        const expected = outcome === "written" ? Uint8Array.of(1) : undefined;
        expect(await settled(store.get("a", options))).toEqual(expected);
        expect(await settled(store.get("b", options))).toEqual(expected);
      },
    );
  });
}
