import { DeviceListModel, pageOptions } from "../../../src/index.ts";
import { appServices } from "../../app-services.ts";

Page(
  pageOptions({
    create: () => new DeviceListModel(appServices()),
    setTitle: (title) => void wx.setNavigationBarTitle({ title }),
    handlers: {
      onRefresh: (model) => model.refresh(),
      onAdd: (model) => model.addDevice(),
      onOpen: (model, { currentTarget }) => model.openDevice(currentTarget.dataset["deviceId"] ?? ""),
      onSignOut: (model) => model.signOut(),
    },
  }),
);
