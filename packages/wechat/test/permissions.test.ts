import { describe, expect, test } from "vitest";
import { checkPermissions, findPermissionProblems } from "@softap/wechat";

const android = {
  getDeviceInfo: () => ({ platform: "android" }),
  getSystemSetting: () => ({ wifiEnabled: true, locationEnabled: true }),
  getAppAuthorizeSetting: () => ({ locationAuthorized: "authorized" }),
  createUDPSocket: () => {},
};
const problemsOf = (wx: Parameters<typeof checkPermissions>[0]): string[] =>
  checkPermissions(wx).map(({ problem }) => problem);

describe("checkPermissions()", () => {
  test("finds nothing on an Android phone where everything is allowed", () => {
    expect(checkPermissions(android)).toEqual([]);
  });

  test.each([
    ["locationOff", { getSystemSetting: () => ({ wifiEnabled: true, locationEnabled: false }) }],
    ["locationDenied", { getAppAuthorizeSetting: () => ({ locationAuthorized: "denied" }) }],
    ["wifiOff", { getSystemSetting: () => ({ wifiEnabled: false, locationEnabled: true }) }],
  ])("finds %s on Android", (problem, change) => {
    expect(problemsOf({ ...android, ...change })).toEqual([problem]);
  });

  test("does not ask for a location on iOS, and says what iOS will ask", () => {
    const ios = {
      ...android,
      getDeviceInfo: () => ({ platform: "ios" }),
      getSystemSetting: () => ({ wifiEnabled: true, locationEnabled: false }),
    };
    const [finding, ...others] = checkPermissions(ios);
    expect(finding).toMatchObject({ problem: "localNetworkUnknown", isBlocking: false });
    expect(others).toEqual([]);
  });

  test("sends developers from the tools and from real-device debugging to Preview", () => {
    const { createUDPSocket, ...debugging } = android;
    expect(createUDPSocket).toBeDefined();
    for (const wx of [debugging, { ...android, getDeviceInfo: () => ({ platform: "devtools" }) }]) {
      const [finding] = checkPermissions(wx);
      expect(finding).toMatchObject({ problem: "noUdp", isBlocking: true });
      expect(finding?.en).toContain("Preview");
      expect(finding?.zh).toContain("预览");
    }
  });

  test("reads the platform from getSystemInfoSync() where the library is old, and claims nothing it cannot know", () => {
    const { createUDPSocket } = android;
    expect(problemsOf({ getSystemInfoSync: () => ({ platform: "ios" }), createUDPSocket })).toEqual([
      "localNetworkUnknown",
    ]);
    expect(problemsOf({ createUDPSocket })).toEqual([]);
  });

  test("calls Wi-Fi what the rest of the app calls it", () => {
    const off = { ...android, getSystemSetting: () => ({ wifiEnabled: false, locationEnabled: true }) };
    expect(checkPermissions(off)[0]).toMatchObject({ zh: "请在系统设置中打开 Wi-Fi。" });
  });
});

describe("findPermissionProblems()", () => {
  test("finds the same without sentences", () => {
    const wx = {
      getDeviceInfo: () => ({ platform: "ios" }),
      getSystemSetting: () => ({ wifiEnabled: false }),
    };
    expect(findPermissionProblems(wx)).toEqual([
      { problem: "noUdp", isBlocking: true },
      { problem: "wifiOff", isBlocking: true },
      { problem: "localNetworkUnknown", isBlocking: false },
    ]);
    expect(checkPermissions(wx)).toMatchObject(findPermissionProblems(wx));
  });
});
