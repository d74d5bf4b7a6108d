import { Secret } from "@softap/protocol";
import type {
  AccessToken,
  BindRequest,
  BindTokenState,
  Family,
  FamilyDevice,
  Login,
  Room,
  User,
} from "./account.ts";
import { AppApi, type AppApiOptions, type AppCall } from "./app-api.ts";
import type { AppData } from "./app-data.ts";

/** Longest page that the vendor's cloud gives. */
const pageSize = 50;
/** More pages than any account has: the end of a list whose total never comes true. */
const maxPages = 100;

/**
 * The app's calls to the cloud: accounts, families, devices and binding.
 *
 * Every method rejects with {@link CloudError} by the cloud's code, a {@link TransportError} of the HTTP port, {@link TimeoutError}
 * `TIMEOUT`, {@link ProtocolError} `REPLY_INVALID`, {@link CanceledError}, or {@link UsageError} `USAGE` before a login.
 */
export class AppClient {
  readonly #api: AppApi;

  /** @throws {@link UsageError} `USAGE` when `baseUrl` is not an http or https address */
  constructor(options: AppApiOptions) {
    this.#api = new AppApi(options);
  }

  /** The account's token, when logged in. */
  get accessToken(): Secret | undefined {
    return this.#api.accessToken;
  }

  /** Logs in with a password; later calls are this account's. */
  async login(login: Login, call?: AppCall): Promise<AccessToken> {
    const who =
      "email" in login
        ? { Type: "email", Email: login.email }
        : { Type: "phone", CountryCode: login.countryCode ?? "86", PhoneNumber: login.phoneNumber };
    return this.#loggedIn(await this.#api.asApp("AppGetToken", { ...who, Password: login.password }, call));
  }

  /**
   * Logs in a WeChat user, whom the cloud registers at the first time. Signed with the AppSecret, so only for backends.
   *
   * @param person.openId - WeChat's open or union id.
   */
  async loginByWeiXin(
    person: { readonly openId: string; readonly nickName: string; readonly avatar: string },
    call?: AppCall,
  ): Promise<AccessToken> {
    const { openId: WxOpenID, nickName: NickName, avatar: Avatar } = person;
    return this.#loggedIn(await this.#api.asApp("AppGetTokenByWeiXin", { WxOpenID, NickName, Avatar }, call));
  }

  /** Ends the token's life in the cloud. */
  async logout(call?: AppCall): Promise<void> {
    await this.#api.asAccount("AppLogoutUser", {}, call);
    this.#api.accessToken = undefined;
  }

  /** Who is logged in. */
  async getUser(call?: AppCall): Promise<User> {
    const data = (await this.#api.asAccount("AppGetUser", {}, call)).inner;
    const userId = data.text("UserID");
    this.#api.uin = userId;
    return {
      userId,
      ...optional("nickName", data.optionalText("NickName")),
      ...optional("email", data.optionalText("Email")),
      ...optional("phoneNumber", data.optionalText("PhoneNumber")),
    };
  }

  /**
   * Makes a bind token.
   *
   * @param options.short - 6 characters in place of 32, for devices where a person types it. @defaultValue false
   */
  async createBindToken(options: { readonly short?: boolean } & AppCall = {}): Promise<Secret> {
    const { short = false } = options;
    const parameters = { TokenLengthType: short ? "1" : undefined };
    return Secret.of(
      (await this.#api.asAccount("AppCreateDeviceBindToken", parameters, options)).text("Token"),
    );
  }

  /** How far a bind token is, and which device reported it when the cloud tells. */
  async getBindTokenState(token: Secret, call?: AppCall): Promise<BindTokenState> {
    const data = await this.#api.asAccount("AppGetDeviceBindTokenState", { Token: token }, call);
    return {
      state: data.integer("State"),
      ...optional("productId", data.optionalText("ProductId")),
      ...optional("deviceName", data.optionalText("DeviceName")),
    };
  }

  /** Ties the device that reported the token to a family. The same call again is harmless. */
  async bindDeviceToFamily(request: BindRequest, call?: AppCall): Promise<void> {
    const { token, productId, deviceName, familyId, roomId = "0" } = request;
    await this.#api.asAccount(
      "AppTokenBindDeviceFamily",
      { Token: token, ProductId: productId, DeviceName: deviceName, FamilyId: familyId, RoomId: roomId },
      call,
    );
  }

  /** Families of the account. */
  families(call?: AppCall): Promise<readonly Family[]> {
    return this.#pages("AppGetFamilyList", {}, call, (data) =>
      data.list("FamilyList").map((family) => ({
        familyId: family.text("FamilyId"),
        name: family.optionalText("FamilyName") ?? family.optionalText("Name") ?? "",
        isOwner: family.optionalInteger("Role") === 1,
      })),
    );
  }

  /** Creates a family. @returns Its id */
  async createFamily(
    family: { readonly name: string; readonly address?: string },
    call?: AppCall,
  ): Promise<string> {
    const parameters = { Name: family.name, Address: family.address };
    return (await this.#api.asAccount("AppCreateFamily", parameters, call)).inner.text("FamilyId");
  }

  /** Rooms of a family, without the default room "0". */
  rooms(familyId: string, call?: AppCall): Promise<readonly Room[]> {
    return this.#pages("AppGetRoomList", { FamilyId: familyId }, call, (data) =>
      data.list("RoomList", "Roomlist").map((room) => ({
        roomId: room.text("RoomId"),
        name: room.optionalText("RoomName") ?? "",
        deviceCount: room.optionalInteger("DeviceNum") ?? 0,
      })),
    );
  }

  /** Creates a room. @returns Its id */
  async createRoom(
    room: { readonly familyId: string; readonly name: string },
    call?: AppCall,
  ): Promise<string> {
    const parameters = { FamilyId: room.familyId, Name: room.name };
    return (await this.#api.asAccount("AppCreateRoom", parameters, call)).inner.text("RoomId");
  }

  /**
   * Devices of a family.
   *
   * @param where.roomId - "0" is the default room; every room when left out.
   */
  familyDevices(
    where: { readonly familyId: string; readonly roomId?: string },
    call?: AppCall,
  ): Promise<readonly FamilyDevice[]> {
    const parameters = { FamilyId: where.familyId, RoomId: where.roomId ?? "" };
    return this.#pages("AppGetFamilyDeviceList", parameters, call, (data) =>
      data.list("DeviceList").map((device) => {
        const productId = device.text("ProductId");
        const deviceName = device.text("DeviceName");
        return {
          deviceId: `${productId}/${deviceName}`,
          productId,
          deviceName,
          roomId: device.optionalText("RoomId") ?? "0",
          ...optional("alias", device.optionalText("AliasName")),
        };
      }),
    );
  }

  /** Unties a device from its family; the cloud tells the device. */
  async deleteDevice(
    device: { readonly familyId: string; readonly deviceId: string },
    call?: AppCall,
  ): Promise<void> {
    const { familyId, deviceId } = device;
    const [productId = "", deviceName = ""] = deviceId.split("/");
    await this.#api.asAccount(
      "AppDeleteDeviceInFamily",
      { FamilyId: familyId, DeviceId: deviceId, ProductId: productId, DeviceName: deviceName },
      call,
    );
  }

  /** Whether devices are connected to the cloud, by device id. Devices that the cloud does not name are left out. */
  async deviceStatuses(deviceIds: readonly string[], call?: AppCall): Promise<ReadonlyMap<string, boolean>> {
    const data = await this.#api.asAccount("AppGetDeviceStatuses", { DeviceIds: deviceIds }, call);
    return new Map(
      data
        .list("DeviceStatuses")
        .map((status) => [status.text("DeviceId"), status.optionalInteger("Online") === 1] as const),
    );
  }

  #loggedIn(data: AppData): AccessToken {
    const token = Secret.of(data.inner.text("Token"));
    this.#api.accessToken = token;
    this.#api.uin = undefined;
    return { token, expiresAtS: data.inner.integer("ExpireAt") };
  }

  async #pages<Item>(
    action: string,
    parameters: Readonly<Record<string, string>>,
    call: AppCall | undefined,
    read: (data: AppData) => readonly Item[],
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let page = 0; page < maxPages; page++) {
      const paging = { Offset: items.length, Limit: pageSize };
      const data = await this.#api.asAccount(action, { ...parameters, ...paging }, call);
      const more = read(data);
      items.push(...more);
      if (more.length === 0 || items.length >= (data.optionalInteger("Total") ?? 0)) break;
    }
    return items;
  }
}

/** A field that is there only when its value is. */
function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [key in Name]?: string } {
  // A computed key widens to string; the only key made here is `name`.
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: string };
}
