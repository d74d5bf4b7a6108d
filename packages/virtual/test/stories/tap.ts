/** What every call through a tapped port passes, and every callback that comes back. */
export interface Gate {
  /** @param name - Port and method, such as `store.apply`. */
  call(name: string, run: () => unknown): unknown;
  callback(run: () => void): void;
}

/** Parts of a port, and what it hands out, that are ports themselves. */
const parts: ReadonlySet<PropertyKey> = new Set(["station", "softAp"]);

/**
 * A port whose every call goes through a gate; what it opens (sockets, sessions, connections) is tapped as well.
 *
 * @param name - Of the port, in front of its methods' names.
 */
export function tap<T extends object>(port: T, name: string, gate: Gate): T {
  const methods = new Map<PropertyKey, (...args: unknown[]) => unknown>();
  return new Proxy(port, {
    get(real, key) {
      const member: unknown = Reflect.get(real, key, real);
      if (parts.has(key) && isObject(member)) return tap(member, String(key), gate);
      if (typeof member !== "function") return member;
      const known = methods.get(key);
      if (known !== undefined) return known;
      const method = (...args: unknown[]): unknown =>
        gate.call(`${name}.${String(key)}`, () => {
          const result: unknown = Reflect.apply(member, real, args.map(gated));
          return result instanceof Promise ? result.then(opened) : result;
        });
      methods.set(key, method);
      return method;
    },
    set: (real, key, value) =>
      Reflect.set(real, key, typeof value === "function" ? callback(value) : value, real),
  });

  function opened(value: unknown): unknown {
    const isOpened = isObject(value) && "close" in value;
    return isOpened ? tap(value, name === "mqtt" ? "link" : "socket", gate) : value;
  }

  /** `Streams.listen` takes its callback among its options. */
  function gated(argument: unknown): unknown {
    if (!isObject(argument) || !("onConnection" in argument)) return argument;
    const { onConnection } = argument;
    return { ...argument, onConnection: (connection: unknown) => callback(onConnection)(opened(connection)) };
  }

  function callback(run: unknown): (...args: unknown[]) => void {
    return (...args) => gate.callback(() => typeof run === "function" && Reflect.apply(run, undefined, args));
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
