import { pageOptions, SignInModel } from "../../../src/index.ts";
import { appServices } from "../../app-services.ts";

Page(
  pageOptions({
    create: () => new SignInModel(appServices()),
    setTitle: (title) => void wx.setNavigationBarTitle({ title }),
    handlers: {
      onName: (model, { detail }) => model.enterName(detail.value ?? ""),
      onPassword: (model, { detail }) => model.enterPassword(detail.value ?? ""),
      onSignIn: (model) => model.signIn(),
    },
  }),
);
