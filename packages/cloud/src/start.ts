import { silentLog, type Log } from "@softap/ports";
import { type Secret } from "@softap/protocol";
import { type CloudCoreOptions, openCloudCore } from "./core.ts";
import type { DeviceGateway } from "./gateway.ts";
import { createHttpServer, listenHttp } from "./http/http-server.ts";
import { AedesGateway } from "./mqtt/aedes-gateway.ts";
import { listenTcp, listenTls, type ServerCertificate } from "./mqtt/listeners.ts";
import type { AppCredentials } from "./rules/keys.ts";
import { reasonOf } from "./reason.ts";

/** What a cloud needs to start. */
export interface CloudOptions extends CloudCoreOptions {
  /** Address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** App API, registration, admin API and health; 0 lets the system choose. */
  readonly httpPort: number;
  /** MQTT with passwords; 0 lets the system choose. */
  readonly mqttPort: number;
  /** MQTT over TLS-PSK, and over TLS with certificates; 0 lets the system choose. */
  readonly mqttsPort: number;
  /** Lets devices with certificates, and with passwords over TLS, use the TLS port. */
  readonly certificate?: ServerCertificate;
}

/** A cloud that takes requests. */
export interface RunningCloud {
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqttsPort: number;
  /** The operator's token; only at the very first start of a database. Nothing can show it again. */
  readonly firstAdminToken?: Secret;
  /** What apps sign with. */
  readonly app: AppCredentials;
  readonly deviceGateway: DeviceGateway;
  /** Stops taking requests, closes every connection, then the database. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a cloud: database, MQTT and HTTP. When it fails, nothing stays open.
 *
 * @throws {@link TransportError} `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`, `PERMISSION_DENIED` with the port
 * @throws {@link StoreError} `STORE_TOO_NEW`, `STORE_CORRUPT`, `STORE_READ_FAILED`, `STORE_WRITE_FAILED`
 * @throws {@link UsageError} `CONFIG_INVALID` for a certificate or a port that cannot be used
 */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const host = options.host ?? "127.0.0.1";
  const log = options.log ?? silentLog;
  /** What is open, in the order of opening; closed from the end. */
  const opened: (() => Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= closeAll(opened, log));

  try {
    const core = await openCloudCore(options);
    opened.push(() => core.close());
    const { context, rules, lookup, notifier, settings } = core;
    const { limits, clock } = context;

    const gateway = new AedesGateway({ connections: rules.connections, lookup }, context);
    core.serve(gateway);
    await gateway.start();
    opened.push(() => gateway.stop());

    const listenerOptions = {
      host,
      maxConnections: limits.maxConnections,
      handshakeTimeoutMs: limits.connectTimeoutMs,
      onSocket: gateway.accept.bind(gateway),
      log,
    };
    const mqtt = await listenTcp({ ...listenerOptions, port: options.mqttPort });
    opened.push(() => mqtt.close());
    const { certificate } = options;
    const mqtts = await listenTls({ ...listenerOptions, port: options.mqttsPort, lookup, certificate });
    opened.push(() => mqtts.close());

    const readiness = {
      write: () => settings.set("ready", String(clock.wallMs() ?? 0)),
      isListening: () => mqtt.isListening && mqtts.isListening,
    };
    const http = await createHttpServer({ rules, gateway, notifier, readiness }, context);
    opened.push(() => http.close());
    const httpPort = await listenHttp(http, { host, port: options.httpPort });

    log.notice("cloud started", { host, httpPort, mqttPort: mqtt.port, mqttsPort: mqtts.port });
    return {
      httpPort,
      mqttPort: mqtt.port,
      mqttsPort: mqtts.port,
      ...(core.firstAdminToken === undefined ? {} : { firstAdminToken: core.firstAdminToken }),
      app: rules.app,
      deviceGateway: gateway,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Closes what is open, the newest first; one failure does not keep the rest open. */
async function closeAll(opened: readonly (() => Promise<void>)[], log: Log): Promise<void> {
  for (const close of opened.toReversed()) {
    try {
      await close();
    } catch (error) {
      log.error("stop failed", { reason: reasonOf(error) });
    }
  }
}
