import { Type } from "typebox";
import { parseDeviceId } from "../../rules/device-id.ts";
import { type Action, userAction } from "./action.ts";
import type { Binding } from "../../rules/bindings.ts";
import type { Rules } from "../../rules/rules.ts";
import { deviceFields, deviceOf, idSchema, nameSchema, pageFields, pageOf } from "./parameters.ts";

/** Families, rooms, and the devices in them. */
export function familyActions({ families, bindings }: Rules): Readonly<Record<string, Action>> {
  const deleteDevice = userAction(
    Type.Object({ FamilyId: idSchema, ...deviceFields }),
    async (parameters, { account }) => {
      const { accountId } = account;
      await bindings.unbind({ accountId, device: deviceOf(parameters), familyId: parameters.FamilyId });
      return {};
    },
  );
  return {
    AppGetFamilyList: userAction(Type.Object(pageFields), async (parameters, { account }) => {
      const { items, total } = await families.list(account.accountId, pageOf(parameters));
      const FamilyList = items.map((family) => ({
        FamilyId: family.familyId,
        FamilyName: family.name,
        Name: family.name,
        Address: family.address,
        Role: 1,
        CreateTime: family.createdAtS,
        UpdateTime: family.updatedAtS,
      }));
      return { FamilyList, Total: total };
    }),
    AppCreateFamily: userAction(
      Type.Object({ Name: nameSchema, Address: Type.Optional(Type.String({ maxLength: 256 })) }),
      async ({ Name, Address = "" }, { account }) => {
        const family = await families.create({ accountId: account.accountId, name: Name, address: Address });
        return { Data: { FamilyId: family.familyId } };
      },
    ),
    AppGetRoomList: userAction(
      Type.Object({ FamilyId: idSchema, ...pageFields }),
      async (parameters, { account }) => {
        const place = { accountId: account.accountId, familyId: parameters.FamilyId };
        const { items, total } = await families.listRooms(place, pageOf(parameters));
        const RoomList = items.map((room) => ({
          RoomId: room.roomId,
          RoomName: room.name,
          DeviceNum: room.deviceCount,
          CreateTime: room.createdAtS,
          UpdateTime: room.updatedAtS,
        }));
        // The vendor's documentation and its Android app spell the name differently.
        return { RoomList, Roomlist: RoomList, Total: total };
      },
    ),
    AppCreateRoom: userAction(
      Type.Object({ FamilyId: idSchema, Name: nameSchema }),
      async ({ FamilyId, Name }, { account }) => {
        const { accountId } = account;
        const room = await families.createRoom({ accountId, familyId: FamilyId, name: Name });
        return { Data: { RoomId: room.roomId } };
      },
    ),
    AppGetFamilyDeviceList: userAction(
      Type.Object({
        FamilyId: idSchema,
        RoomId: Type.Optional(Type.String({ maxLength: 64 })),
        ...pageFields,
      }),
      async (parameters, { account }) => {
        const { FamilyId, RoomId } = parameters;
        const filter = {
          accountId: account.accountId,
          familyId: FamilyId,
          roomId: RoomId === "" ? undefined : RoomId,
        };
        const { items, total } = await bindings.list(filter, pageOf(parameters));
        return { DeviceList: items.map(deviceEntry), Total: total };
      },
    ),
    AppDeleteDeviceInFamily: deleteDevice,
    AppDeleteDevice: deleteDevice,
    AppUpdateDeviceInFamily: userAction(
      Type.Object({ ...deviceFields, AliasName: Type.String({ maxLength: 64 }) }),
      async (parameters, { account }) => {
        const { accountId } = account;
        await bindings.rename({ accountId, device: deviceOf(parameters), alias: parameters.AliasName });
        return {};
      },
    ),
  };
}

function deviceEntry(binding: Binding): object {
  const device = parseDeviceId(binding.deviceId);
  return {
    ProductId: device?.productId ?? "",
    DeviceName: device?.deviceName ?? "",
    DeviceId: binding.deviceId,
    AliasName: binding.alias,
    UserID: binding.accountId,
    RoomId: binding.roomId,
    FamilyId: binding.familyId,
    IconUrl: "",
    DeviceType: 0,
    CreateTime: binding.createdAtS,
    UpdateTime: binding.updatedAtS,
  };
}
