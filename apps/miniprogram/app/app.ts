import { appConfig, createServices } from "../src/index.ts";

App({ services: createServices(wx, appConfig) });
