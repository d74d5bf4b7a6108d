import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** What `npm pack --json` says of one tarball. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly integrity: string;
  readonly files: readonly { readonly path: string }[];
}

/**
 * Serves tarballs to npm as a registry of their own, on the loopback, until the test ends.
 *
 * @param folder - Where the tarballs are.
 * @param manifestOf - The `package.json` of a package, which npm asks for before the tarball.
 * @returns Its address.
 */
export async function servePackages(
  packages: readonly PackedPackage[],
  folder: string,
  manifestOf: (name: string) => object,
): Promise<string> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const tarball = packages.find(({ filename }) => path === filename);
    const found = packages.find(({ name }) => path === name);
    if (tarball !== undefined) response.end(readFileSync(join(folder, tarball.filename)));
    else if (found === undefined) response.writeHead(404).end("{}");
    else {
      const { name, version, integrity, filename } = found;
      const manifest = { ...manifestOf(name), dist: { integrity, tarball: `${address}/${filename}` } };
      const answer = { name, "dist-tags": { latest: version }, versions: { [version]: manifest } };
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // A server that listens on TCP has a port.
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return address;
}
