import { AddDeviceModel, pageOptions } from "../../../src/index.ts";
import { appServices } from "../../app-services.ts";

Page(
  pageOptions({
    create: () => new AddDeviceModel(appServices()),
    setTitle: (title) => void wx.setNavigationBarTitle({ title }),
    handlers: {
      onScan: ({ codes }) => codes.scan(),
      onSearch: ({ nearby }) => nearby.search(),
      onChoose: ({ device }, { currentTarget }) => device.choose(currentTarget.dataset["ssid"] ?? ""),
      onSoftApSsid: ({ device }, { detail }) => device.choose(detail.value ?? ""),
      onSoftApPassphrase: ({ device }, { detail }) => device.enterPassphrase(detail.value ?? ""),
      onRetypeSoftAp: ({ device }) => device.retypePassphrase(),
      onSsid: ({ network }, { detail }) => network.enterSsid(detail.value ?? ""),
      onPassphrase: ({ network }, { detail }) => network.enterPassphrase(detail.value ?? ""),
      onRetypeHome: ({ network }) => network.retypePassphrase(),
      onTogglePassphrase: ({ network }) => network.togglePassphrase(),
      onCheckPhone: (model) => model.checkPhone(),
      onNext: (model) => model.next(),
      onBack: (model) => model.back(),
      onConnect: (model) => model.connect(),
      onCancel: ({ run }) => run.cancel(),
      onAgain: (model) => model.again(),
      onReadLog: ({ help }) => help.readLog(),
      onShowReport: ({ help }) => help.showReport(),
      onCopyReport: ({ help }) => help.copyReport(),
      onShareReport: ({ help }) => help.shareReport(),
      onFinish: (model) => model.finish(),
    },
  }),
);
