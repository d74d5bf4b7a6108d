export { portalLimits } from "./limits.ts";
export { Portal, type PortalOptions } from "./portal.ts";
