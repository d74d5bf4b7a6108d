import { DeviceModel, pageOptions, type PageQuery } from "../../../src/index.ts";
import { appServices } from "../../app-services.ts";

Page(
  pageOptions({
    create: (query: PageQuery) => new DeviceModel(appServices(), query),
    setTitle: (title) => void wx.setNavigationBarTitle({ title }),
    handlers: { onUnbind: (model) => model.unbind() },
  }),
);
