import { type CloudOptions, startCloud } from "@softap/cloud";
import { FolderLock, nodeClock, nodeCrypto, nodeRandom } from "@softap/node";
import { isSoftApError, Secret, softApError, UsageError } from "@softap/protocol";
import { join } from "node:path";
import type { CloudCommandOptions } from "../commands/cloud.ts";
import { makePrivateDirectory, readTextFile, writePrivateFile } from "../config/files.ts";
import { createLog } from "../logging.ts";
import { createReporter, type Reporter } from "../reporter/reporter.ts";
import { stopped, stopSignal } from "../signals.ts";

/**
 * Runs the cloud until SIGINT or SIGTERM; a second signal ends it at once.
 *
 * @throws {SoftApError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `STORE_LOCKED`, `STORE_TOO_NEW`, `STORE_CORRUPT`, `FILE_NOT_FOUND`, …
 */
export async function runCloud(options: CloudCommandOptions): Promise<void> {
  const { data } = options;
  const certificate = await readCertificate(options);
  // The database holds the devices' secrets; the folder may have been made by somebody who lets others in.
  process.umask(0o077);
  await makePrivateDirectory(data);
  const lock = lockFolder(data);
  try {
    await runLocked(options, certificate);
  } finally {
    lock.release();
  }
}

/** Two clouds on one database would each take the other's devices for gone. */
function lockFolder(folder: string): FolderLock {
  try {
    return FolderLock.take(folder);
  } catch (error) {
    if (isSoftApError(error)) throw error;
    throw softApError("STORE_READ_FAILED", `The folder ${folder} cannot be locked`, { cause: error });
  }
}

async function runLocked(
  options: CloudCommandOptions,
  certificate: CloudOptions["certificate"],
): Promise<void> {
  const { data, host, httpPort, mqttPort, mqttsPort } = options;
  const log = await createLog({ source: "cloud", threshold: options.logLevel });
  const reporter = await createReporter(options);
  const stop = stopSignal();
  const databasePath = join(data, "cloud.db");
  const cloud = await startCloud({
    databasePath,
    host,
    httpPort,
    mqttPort,
    mqttsPort,
    ...(certificate === undefined ? {} : { certificate }),
    clock: nodeClock,
    random: nodeRandom,
    crypto: nodeCrypto,
    log,
  }).catch((error: unknown) => {
    throw namingDatabase(error, databasePath);
  });
  try {
    if (cloud.firstAdminToken !== undefined)
      await hand(cloud.firstAdminToken, options.adminTokenFile, reporter);
    const shownHost = host.includes(":") ? `[${host}]` : host;
    const url = `http://${shownHost}:${cloud.httpPort}`;
    const mqtt = `${shownHost}:${cloud.mqttPort}`;
    const mqtts = `${shownHost}:${cloud.mqttsPort}`;
    reporter.fact(
      "listening",
      {
        en: `The cloud listens.\n  App and admin API   ${url}\n  MQTT with password  ${mqtt}\n  MQTT with TLS       ${mqtts}\n  Data                ${data}`,
        zh: `云端已启动。\n  应用与管理 API  ${url}\n  MQTT（密码）    ${mqtt}\n  MQTT（TLS）     ${mqtts}\n  数据目录        ${data}`,
      },
      { url, host, httpPort: cloud.httpPort, mqttPort: cloud.mqttPort, mqttsPort: cloud.mqttsPort, data },
    );
    await stopped(stop.signal);
  } finally {
    await cloud.stop();
    stop.release();
  }
  reporter.fact("stopped", { en: "The cloud stopped.", zh: "云端已停止。" }, {});
}

/** Which file it is that is damaged, or of a newer version; the cloud knows only that its database is. */
function namingDatabase(error: unknown, path: string): unknown {
  if (!isSoftApError(error) || error.entry.kind !== "store") return error;
  return softApError(error.code, `The database ${path} cannot be used`, { cause: error, context: { path } });
}

/** Hands out the admin token, which the database keeps only as a hash. */
async function hand(token: Secret, file: string | undefined, reporter: Reporter): Promise<void> {
  const tell = (): void => {
    const text = token.reveal();
    reporter.fact(
      "adminToken",
      { en: `Admin token, shown only this once: ${text}`, zh: `管理令牌（仅显示这一次）：${text}` },
      { token: text },
    );
  };
  if (file === undefined) {
    tell();
    return;
  }
  try {
    await writePrivateFile(file, `${token.reveal()}\n`);
  } catch (error) {
    // It cannot be had a second time: printing it is better than losing it.
    tell();
    throw error;
  }
  reporter.fact(
    "adminToken",
    { en: `Admin token, written only this once: ${file}`, zh: `管理令牌（仅写入这一次）：${file}` },
    { file },
  );
}

async function readCertificate(options: CloudCommandOptions): Promise<CloudOptions["certificate"]> {
  const { certificate, privateKey, clientAuthority } = options;
  if (certificate === undefined && privateKey === undefined && clientAuthority === undefined)
    return undefined;
  if (certificate === undefined || privateKey === undefined)
    throw new UsageError("USAGE", "A certificate needs its private key, and a key its certificate", {
      context: { help: "Give both --certificate <file> and --private-key <file>" },
    });
  return {
    certificate: await readTextFile(certificate, "server's certificate"),
    privateKey: Secret.of(await readTextFile(privateKey, "server's private key")),
    ...(clientAuthority === undefined
      ? {}
      : { clientAuthority: await readTextFile(clientAuthority, "devices' authority") }),
  };
}
