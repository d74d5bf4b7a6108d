/** Status codes that the portal answers with, and their names. */
export const httpStatus = {
  200: "OK",
  204: "No Content",
  302: "Found",
  303: "See Other",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  411: "Length Required",
  413: "Content Too Large",
  414: "URI Too Long",
  422: "Unprocessable Content",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  505: "HTTP Version Not Supported",
} as const;
/** One of {@link httpStatus}. */
export type HttpStatus = keyof typeof httpStatus;
