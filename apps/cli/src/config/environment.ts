/**
 * The variables of the process. Beside the option parser, which reads the variable that stands behind an option, this is
 * the only place where they are read.
 */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
