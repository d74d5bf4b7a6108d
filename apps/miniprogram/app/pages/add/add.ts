import { AddDeviceModel, pageOptions } from "../../../src/index.ts";
import { appServices } from "../../app-services.ts";

Page(
  pageOptions({
    create: () => new AddDeviceModel(appServices()),
    setTitle: (title) => void wx.setNavigationBarTitle({ title }),
    handlers: {
      onSearch: (model) => model.search(),
      onChoose: (model, { currentTarget }) => model.choose(currentTarget.dataset["ssid"] ?? ""),
      onSoftApSsid: (model, { detail }) => model.choose(detail.value ?? ""),
      onSoftApPassphrase: (model, { detail }) => model.enterSoftApPassphrase(detail.value ?? ""),
      onSsid: (model, { detail }) => model.enterSsid(detail.value ?? ""),
      onPassphrase: (model, { detail }) => model.enterPassphrase(detail.value ?? ""),
      onTogglePassphrase: (model) => model.togglePassphrase(),
      onCheckPhone: (model) => model.checkPhone(),
      onNext: (model) => model.next(),
      onBack: (model) => model.back(),
      onConnect: (model) => model.connect(),
      onCancel: (model) => model.cancel(),
      onAgain: (model) => model.again(),
      onReadLog: (model) => model.readLog(),
      onCopyReport: (model) => model.copyReport(),
      onFinish: (model) => model.finish(),
    },
  }),
);
