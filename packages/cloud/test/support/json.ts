/** What came over a wire: a test reads the members that it expects, and fails when they are not there. */
// oxlint-disable-next-line typescript/no-explicit-any -- one place for what every test of a wire does
export type Json = any;
