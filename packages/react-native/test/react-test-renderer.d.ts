/** The part of `react-test-renderer` that these tests use; it brings no types. */
declare module "react-test-renderer" {
  import type { ReactElement } from "react";

  export interface ReactTestRenderer {
    update(element: ReactElement): void;
    unmount(): void;
  }
  export function create(element: ReactElement): ReactTestRenderer;
  export function act(work: () => Promise<void> | void): Promise<void>;
}
