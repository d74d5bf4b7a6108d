import { MemoryStore, SeededRandom, VirtualClock } from "@softap/virtual";
import { clockContract, keyValueStoreContract, randomContract, virtualTime } from "@softap/virtual/contracts";

const cleanup = async (): Promise<void> => {};

clockContract("a virtual clock", async () => {
  const clock = new VirtualClock();
  return { clock, time: virtualTime(clock), cleanup };
});

clockContract("a virtual clock that does not know the date", async () => {
  const clock = new VirtualClock({ wallMs: undefined });
  return { clock, time: virtualTime(clock), cleanup };
});

clockContract("a virtual clock with a wall of its own", async () => {
  const clock = new VirtualClock();
  return { clock: clock.withWall(0), time: virtualTime(clock), cleanup };
});

randomContract("a seed", async () => ({ random: new SeededRandom(2_026), cleanup }));

keyValueStoreContract("memory", async () => {
  let store = new MemoryStore();
  return {
    store,
    async reopen() {
      store = store.snapshot();
      return store;
    },
    cleanup,
  };
});
