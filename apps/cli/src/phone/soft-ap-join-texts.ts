import { asSoftApError, type ErrorCode, type SoftApError, softApError } from "@softap/protocol";
import type { Language } from "@softap/protocol/texts";

/** What went wrong around a soft AP, where the registry's sentence would speak of a router and a device. */
export type JoinProblem = "noInterface" | "open" | "notFound" | "othersFound" | "several" | "join";

/** What the sentences name. */
interface Names {
  readonly softAp?: string;
  /** Soft APs of devices that are in reach, separated by commas. */
  readonly others?: string;
  readonly interface?: string;
}

type Sentences = Readonly<Record<Language, readonly [text: string, help: string]>>;

/**
 * An error with a sentence of its own, in the language asked for. Where there is none for its code, it stays as it is.
 *
 * @param names - What the sentence names.
 */
export function explain(
  thrown: unknown,
  problem: JoinProblem,
  language: Language,
  names: Names = {},
): SoftApError {
  const error = asSoftApError(thrown);
  const sentences = sentencesFor(problem, error.code, names);
  if (sentences === undefined) return error;
  const [told, help] = sentences[language];
  const message = error.message.replace(/ \(SA\d{4}\)$/, "");
  return softApError(error.code, message, { cause: error, context: { ...error.context, told, help } });
}

function sentencesFor(problem: JoinProblem, code: ErrorCode, names: Names): Sentences | undefined {
  switch (problem) {
    case "noInterface":
      return { en: ["This computer has no Wi-Fi", byHand.en], zh: ["本机没有 Wi-Fi 网卡", byHand.zh] };
    case "open":
      return openSentences(names.interface ?? "")[code];
    case "notFound":
      return notFound(names, { en: "", zh: "" });
    case "othersFound":
      return notFound(names, { en: `; in reach: ${names.others}`, zh: `；附近的设备热点：${names.others}` });
    case "several":
      return {
        en: [`Several devices are in reach: ${names.others}`, "Say which one: --soft-ap-ssid <name>"],
        zh: [`附近有多台设备：${names.others}`, "请用 --soft-ap-ssid <名称> 指定其中一台"],
      };
    case "join":
      return joinSentences(names.softAp ?? "")[code];
  }
}

const byHand = {
  en: "Join the soft AP with the computer's own settings and leave --join out",
  zh: "请在系统设置中手动连接设备热点，并去掉 --join",
} as const;

function openSentences(name: string): Partial<Record<ErrorCode, Sentences>> {
  return {
    WIFI_INTERFACE_MISSING: {
      en: [
        `${name} is no Wi-Fi interface`,
        "Leave --interface out, or choose one of those that iw dev shows",
      ],
      zh: [`${name} 不是 Wi-Fi 网卡`, "请去掉 --interface，或用 iw dev 查看并选择网卡"],
    },
    WIFI_SUPPLICANT_GONE: {
      en: ["NetworkManager does not answer, and --join needs it", `Start it. Or: ${byHand.en}`],
      zh: ["NetworkManager 没有响应，--join 需要它", `请启动它；或者${byHand.zh.replace("请", "")}`],
    },
    WIFI_UNMANAGED: {
      en: [`NetworkManager does not manage ${name}`, `Let it manage ${name}. Or: ${byHand.en}`],
      zh: [`NetworkManager 未管理 ${name}`, `请让它管理 ${name}；或者${byHand.zh.replace("请", "")}`],
    },
    PERMISSION_DENIED: {
      en: [
        "NetworkManager does not let this user change the network",
        "Run it at the computer itself instead of over a remote login, or as root",
      ],
      zh: ["NetworkManager 不允许当前用户更改网络", "请在本机登录后运行（而非远程登录），或以 root 运行"],
    },
  };
}

function notFound({ softAp }: Names, others: Readonly<Record<Language, string>>): Sentences {
  return {
    en: [
      `The soft AP ${softAp} is not in reach${others.en}`,
      "Switch the device on, let it open its soft AP, and come closer",
    ],
    zh: [`找不到设备热点 ${softAp}${others.zh}`, "请给设备上电并开启热点，然后靠近设备"],
  };
}

function joinSentences(name: string): Partial<Record<ErrorCode, Sentences>> {
  const failed: Sentences = {
    en: [`This computer could not join the soft AP ${name}`, "Come closer to the device and try again"],
    zh: [`本机无法连接设备热点 ${name}`, "请靠近设备后重试"],
  };
  return {
    WIFI_AUTH_FAILED: {
      en: [
        `The soft AP ${name} refused the passphrase`,
        "Type its passphrase again, or give it with --soft-ap-passphrase-file <file>",
      ],
      zh: [`设备热点 ${name} 拒绝了密码`, "请重新输入热点密码，或用 --soft-ap-passphrase-file <文件> 提供"],
    },
    WIFI_UNSUPPORTED_SECURITY: {
      en: [
        `The soft AP ${name} is not protected as it was to be`,
        "Give a passphrase only for a soft AP that takes one; an open one may be somebody else's",
      ],
      zh: [`设备热点 ${name} 的加密方式不符`, "仅当热点有密码时才提供密码；同名的开放热点可能是他人冒充"],
    },
    WIFI_NO_ADDRESS: {
      en: [`The soft AP ${name} gave this computer no address`, "Restart the device and try again"],
      zh: [`设备热点 ${name} 没有分配地址`, "请重启设备后重试"],
    },
    WIFI_NOT_FOUND: failed,
    WIFI_JOIN_TIMEOUT: failed,
    WIFI_TOO_WEAK: failed,
    WIFI_REFUSED: failed,
  };
}
