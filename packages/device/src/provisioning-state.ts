/** Where provisioning stands, with the numbers of the vendor's C API. */
export const ProvisioningState = {
  success: 0,
  goingOn: 1,
  failed: 2,
} as const;
/** Union of the values of {@link ProvisioningState}. */
export type ProvisioningState = (typeof ProvisioningState)[keyof typeof ProvisioningState];
