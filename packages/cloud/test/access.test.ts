import { describe, expect, test } from "vitest";
import { mayPublish, maySubscribe } from "../src/mqtt/access.ts";
import { defaultTopicRights } from "../src/rules/products.ts";

const device = { productId: "ABCDEFGHIJ", deviceName: "dev" };
const own = "ABCDEFGHIJ/dev";

/** Topic, may the device subscribe, may it publish. */
const table: readonly [string, boolean, boolean][] = [
  [`$thing/up/service/${own}`, false, true],
  [`$thing/down/service/${own}`, true, false],
  [`$thing/down/property/${own}`, true, false],
  [`$thing/up/raw/${own}`, false, true],
  [`$thing/up/other/${own}`, false, false],
  [`$sys/operation/${own}`, false, true],
  [`$sys/operation/result/${own}`, true, false],
  [`$log/operation/result/${own}`, true, false],
  [`$ota/report/${own}`, false, true],
  [`$ota/update/${own}`, true, false],
  [`$gateway/operation/${own}`, false, true],
  [`$shadow/operation/result/${own}`, true, false],
  [`$rrpc/rxd/${own}/+`, true, false],
  [`$rrpc/txd/${own}/12`, false, true],
  [`$rrpc/txd/${own}/1/2`, false, false],
  [`$broadcast/rxd/${own}`, true, false],
  [`$resource/up/service/${own}`, false, true],
  [`$resource/down/service/${own}`, true, false],
  [`${own}/control`, true, false],
  [`${own}/event`, false, true],
  [`${own}/data`, true, true],
  [`${own}/constructor`, false, false],
  [`${own}/#`, false, false],
  [`${own}/+`, false, false],
  [`$thing/down/service/ABCDEFGHIJ/+`, false, false],
  [`$thing/down/service/ABCDEFGHIJ/dev2`, false, false],
  [`$thing/down/service/KKKKKKKKKK/dev`, false, false],
  [`$SYS/broker/new/clients`, false, false],
  ["#", false, false],
  ["+/+/+", false, false],
  ["", false, false],
];

describe("access", () => {
  test.each(table)("%s: subscribe %s, publish %s", (topic, subscribe, publish) => {
    expect([
      maySubscribe(topic, device, defaultTopicRights),
      mayPublish(topic, device, defaultTopicRights),
    ]).toEqual([subscribe, publish]);
  });
});
